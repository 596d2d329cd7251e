package suihaoban

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Pusher passes changes of licences on to a service behind the gateway, signed downstream (register of assumptions, G3). It is safe
// for concurrent use.
type Pusher struct {
	URL    string // of the service
	PaasID string // the service's
	Token  string // shared with the service
	Prefix string // of the signing headers; empty: x-tif
	Client *http.Client
	Clock  func() time.Time
	Faults *fault.Switches // act on the operation standin.OperationPush; nil: none
	// Sent is how many rows earlier pushers of this platform have pushed: numbers and nonces go on from there. A service remembers both.
	Sent uint64

	rows   atomic.Uint64 // pushed by this one
	nonces standin.Mint
}

// batch is a push.
type batch struct {
	Batch string              `json:"cd_batch"`
	Rows  []map[string]string `json:"rows"`
}

// Push sends the licences as they stand, as one batch, and gives the answer.
func (p *Pusher) Push(ctx context.Context, name string, people ...citizen.Citizen) (status int, answer []byte, err error) {
	var plan fault.Plan
	if p.Faults != nil {
		plan = p.Faults.Take(standin.OperationPush)
	}
	rows := make([]map[string]string, 0, len(people))
	for _, person := range people {
		if !person.Licensed() {
			return 0, nil, errors.New("suihaoban: a person without a licence has no row to push")
		}
		rows = append(rows, p.row(person, plan))
	}
	body, err := json.Marshal(batch{name, rows})
	if err != nil {
		return 0, nil, err
	}
	return standin.Push(ctx, p.Client, p.URL, p.header(plan), body, plan)
}

func (p *Pusher) row(person citizen.Citizen, plan fault.Plan) map[string]string {
	person.Licence.Updated = person.Licence.Updated.Add(-plan.Duration(fault.Stale))
	columns := person.LicenceRow().Map()
	columns["xh"], columns["cd_operation"] = strconv.FormatUint(p.Sent+p.rows.Add(1), 10), "u"
	columns["cd_time"] = citizen.Moment(p.Clock())
	return columns
}

func (p *Pusher) header(plan fault.Plan) http.Header {
	header, prefix := http.Header{}, p.Prefix
	if prefix == "" {
		prefix = DefaultHeaderPrefix
	}
	Downstream{
		PaasID: p.PaasID, Token: p.Token, Nonce: p.nonces.Next("push" + strconv.FormatUint(p.Sent, 10)), At: p.Clock().Add(plan.Duration(fault.ClockSkew)),
	}.SetHeaders(header, prefix)
	return header
}
