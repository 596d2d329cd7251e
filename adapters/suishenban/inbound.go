package suishenban

import (
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// Limits of a push.
const (
	MaxPushBody   = 1 << 20 // bytes
	MaxPushEvents = 1000
)

// Nonces remembers which nonces were used.
type Nonces interface {
	// Use reports whether the nonce was unused, and marks it as used at least until then. It must be atomic.
	Use(nonce string, until time.Time) (fresh bool, err error)
}

// Inbound reads the changes that 随申办 pushes (S4): a message that is signed by SM2 as a whole, with one nonce.
type Inbound struct {
	Keys     func(keyID string) (*smcrypto.PublicKey, bool) // the platform's signing keys
	Nonces   Nonces
	Reporter string          // the platform's id, under which its reports are kept
	Region   exchange.Region // of licences whose event names no department: the platform's own city
}

// push is what the signed data of a message hold.
type push struct {
	Events []jsontext.Value `json:"events"`
}

// pushEvent is one licence's change: the columns that changed, in upper case as in a certificate's original data.
type pushEvent struct {
	Number     jsontext.Value `json:"seq"`
	HolderType string         `json:"holderType"`
	HolderCode string         `json:"holderCode"`
	HolderName string         `json:"holderName"`
	Changed    string         `json:"changeTime"`
	Data       row.Columns    `json:"data"`
}

// pushAnswer is the library's own envelope.
type pushAnswer struct {
	Success   bool      `json:"success"`
	ErrorCode string    `json:"errorCode"`
	ErrorMsg  string    `json:"errorMsg"`
	Data      *pushData `json:"data"`
}

type pushData struct {
	Accepted int         `json:"accepted"`
	Errors   []pushError `json:"errors"`
}

type pushError struct {
	Number uint64 `json:"seq"`
	Reason string `json:"message"`
}

// Receive verifies a message and reads its events at the moment now. The answer is to be sent once all reports are durable; a broken
// event, and one that doesn't stand, is named in it and doesn't hold up the others. After an error the answer says no and there are no reports. Errors:
// BodyTooLarge, MalformedJSON, SignatureExpired, SignatureInvalid (also for an unknown key), RequestReplayed, what Nonces says, and
// InvalidRequest for too many events or none.
func (i Inbound) Receive(_ http.Header, body []byte, now time.Time) ([]exchange.Report, outbound.PushAnswer, error) {
	data, err := i.open(body, now)
	if err != nil {
		return refuse(err)
	}
	arrivals, err := readPush(data)
	if err != nil {
		return refuse(err)
	}
	reports, broken := row.Reports(arrivals, i.Reporter, i.Region, now)
	return reports, func(refused []outbound.PushRefusal) []byte {
		said := &pushData{Accepted: len(reports) - len(refused), Errors: []pushError{}}
		for _, each := range broken {
			said.Errors = append(said.Errors, pushError(each))
		}
		for _, each := range refused {
			said.Errors = append(said.Errors, pushError(each))
		}
		return encode(pushAnswer{Success: true, Data: said})
	}, nil
}

// Later implements [outbound.Inbound].
func (i Inbound) Later() []byte { return encode(pushAnswer{ErrorCode: errorCode(exchange.Overloaded)}) }

// MaxBody implements [outbound.Inbound].
func (i Inbound) MaxBody() int64 { return MaxPushBody }

// refuse gives the answer to a message of which nothing is taken. The error's text is for the log.
func refuse(err error) ([]exchange.Report, outbound.PushAnswer, error) {
	return nil, func([]outbound.PushRefusal) []byte {
		return encode(pushAnswer{ErrorCode: errorCode(exchange.CodeOf(err))})
	}, err
}

// errorCode writes a code of ours as the library writes its own.
func errorCode(code exchange.Code) string {
	return strings.ReplaceAll(strings.ToUpper(string(code)), "-", "_")
}

func encode(answer pushAnswer) []byte {
	text, err := json.Marshal(answer)
	if err != nil {
		return []byte(`{"success":false,"errorCode":"INTERNAL","errorMsg":"","data":null}`)
	}
	return text
}

func readPush(data string) ([]row.Arrival, error) {
	var p push
	if json.Unmarshal([]byte(data), &p, json.RejectUnknownMembers(true)) != nil {
		return nil, exchange.Errorf(exchange.MalformedJSON, "the signed data are no push of events")
	}
	if len(p.Events) == 0 || len(p.Events) > MaxPushEvents {
		return nil, exchange.Errorf(exchange.InvalidRequest, "a push has 1 to %d events", MaxPushEvents)
	}
	arrivals := make([]row.Arrival, len(p.Events))
	for i, text := range p.Events {
		arrivals[i] = readEvent(text)
	}
	return arrivals, nil
}

// readEvent reads one event. What is none has no number, and is broken for that. Whose licence it is, and when it changed, is the event's
// to say and not its columns'.
func readEvent(text jsontext.Value) row.Arrival {
	var event pushEvent
	if json.Unmarshal(text, &event, json.RejectUnknownMembers(true)) != nil || event.HolderType != holderCitizen {
		return row.Arrival{}
	}
	number := row.Number(string(event.Number))
	if event.Data == nil {
		return row.Arrival{Number: number}
	}
	event.Data["sfzmhm"], event.Data["xm"], event.Data["gxsj"] = event.HolderCode, event.HolderName, event.Changed
	return row.Arrival{Number: number, Columns: event.Data}
}
