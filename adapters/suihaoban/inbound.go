package suihaoban

import (
	"bytes"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Limits of a push.
const (
	MaxPushBody = 1 << 20 // bytes; the longest row has about 800
	MaxPushRows = 1000
)

// Inbound reads the changes that 穗好办 pushes through TIF (G3). TIF's signature doesn't cover the body: who may reach the address, and
// TLS, must see to it that nobody else's body comes under it.
type Inbound struct {
	Verifier Verifier
	Reporter string          // the platform's id, under which its reports are kept
	Region   exchange.Region // of licences whose row names no department: the platform's own province
}

// push is a batch of rows.
type push struct {
	Batch string           `json:"cd_batch"`
	Rows  []jsontext.Value `json:"rows"`
}

// pushAnswer is the envelope that TIF expects of a service.
type pushAnswer struct {
	ErrCode int       `json:"errcode"`
	ErrMsg  string    `json:"errmsg"`
	Data    *pushData `json:"data"`
}

// pushData says what became of a batch: how many rows were taken, and which were not, by number and reason.
type pushData struct {
	Taken  int          `json:"jsts"` // 接收条数
	Broken []brokenData `json:"cw"`   // 错误
}

type brokenData struct {
	Number uint64 `json:"xh"`
	Reason string `json:"cwxx"` // 错误信息
}

const (
	pushRefused = 40101
	pushInvalid = 40003
	pushLater   = 50301
)

// Receive verifies a pushed call and reads its rows at the moment now. The answer is to be sent once all reports are durable; a
// broken row, and one that doesn't stand, is named in it and doesn't hold up the others. A batch that is sent again comes under a new nonce, and its rows have the
// numbers, and so the reports the ids, that they had. After an error the answer says no and there are no reports. Errors: those of
// [Verifier.VerifyDownstream], BodyTooLarge, MalformedJSON, and InvalidRequest for too many rows or none.
func (i Inbound) Receive(header http.Header, body []byte, now time.Time) ([]exchange.Report, outbound.PushAnswer, error) {
	if len(body) > MaxPushBody {
		return refuse(pushInvalid, exchange.Errorf(exchange.BodyTooLarge, "a push has at most %d bytes", MaxPushBody))
	}
	if _, err := i.Verifier.VerifyDownstream(header, now); err != nil {
		return refuse(pushRefused, err)
	}
	arrivals, err := readPush(body)
	if err != nil {
		return refuse(pushInvalid, err)
	}
	reports, broken := row.Reports(arrivals, i.Reporter, i.Region, now)
	return reports, func(refused []outbound.PushRefusal) []byte {
		data := &pushData{Taken: len(reports) - len(refused), Broken: []brokenData{}}
		for _, each := range broken {
			data.Broken = append(data.Broken, brokenData(each))
		}
		for _, each := range refused {
			data.Broken = append(data.Broken, brokenData(each))
		}
		return encode(pushAnswer{Data: data})
	}, nil
}

// Later implements [outbound.Inbound].
func (i Inbound) Later() []byte {
	return encode(pushAnswer{ErrCode: pushLater, ErrMsg: string(exchange.Overloaded)})
}

// MaxBody implements [outbound.Inbound].
func (i Inbound) MaxBody() int64 { return MaxPushBody }

// refuse gives the answer to a push of which nothing is taken. The error's text is for the log.
func refuse(code int, err error) ([]exchange.Report, outbound.PushAnswer, error) {
	return nil, func([]outbound.PushRefusal) []byte {
		return encode(pushAnswer{ErrCode: code, ErrMsg: string(exchange.CodeOf(err))})
	}, err
}

func encode(answer pushAnswer) []byte {
	text, err := json.Marshal(answer)
	if err != nil {
		return []byte(`{"errcode":-1,"errmsg":"internal","data":null}`)
	}
	return text
}

// readPush reads a batch: JSON without a member named twice, and none but the two.
func readPush(body []byte) ([]row.Arrival, error) {
	var p push
	if json.Unmarshal(body, &p, json.RejectUnknownMembers(true)) != nil {
		return nil, exchange.Errorf(exchange.MalformedJSON, "the body is no push of rows")
	}
	if len(p.Rows) == 0 || len(p.Rows) > MaxPushRows {
		return nil, exchange.Errorf(exchange.InvalidRequest, "a push has 1 to %d rows", MaxPushRows)
	}
	arrivals := make([]row.Arrival, len(p.Rows))
	for i, text := range p.Rows {
		arrivals[i] = readRow(text)
	}
	return arrivals, nil
}

// readRow reads one row. What is none has no number, and is broken for that.
func readRow(text jsontext.Value) row.Arrival {
	var columns row.Columns
	if columns.UnmarshalJSON(bytes.TrimSpace(text)) != nil {
		return row.Arrival{}
	}
	return row.Arrival{Number: row.Number(columns["xh"]), Columns: columns}
}
