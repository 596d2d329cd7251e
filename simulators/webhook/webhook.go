// Package webhook is a stand-in of a platform that is told of licence changes by signed events: CloudEvents 1.0 in structured mode
// under the headers of Standard Webhooks, signed by SM2. It verifies signature and time, takes an event once and a newer version
// over an older one, answers a receipt, and lists what it holds. docs/webhook.md is what it was written from; it shares no code
// with the sender. It is nobody's real platform: whoever receives may start from it.
package webhook

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/holding"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Addresses and the operations that calls are counted by.
const (
	PathEvents = "/webhooks/licences"
	PathHeld   = "/webhooks/licences/held" // lists what it holds

	OperationEvent = "licence.changed"
	OperationHeld  = "licence.held"
)

// Config says whom the platform believes.
type Config struct {
	Keys   []string `json:"keys"`   // SM2 public keys of the gateway in PEM; more than one while keys are changed
	Source string   `json:"source"` // the gateway's id; empty: any
}

type platform struct {
	keys   keys
	source string
	taken  taken
	book   holding.Book
}

// New makes the stand-in. It refuses a configuration without a key, and a key that is none.
func New(config Config, _ *citizen.Registry, clock func() time.Time) (*standin.Server, error) {
	if len(config.Keys) == 0 {
		return nil, errors.New("webhook: no key of the gateway is configured")
	}
	known, err := parseKeys(config.Keys)
	if err != nil {
		return nil, err
	}
	return standin.NewServer(&platform{keys: known, source: config.Source}, clock), nil
}

// Operation names a call by its address.
func (p *platform) Operation(request *http.Request, _ []byte) string {
	return map[string]string{PathEvents: OperationEvent, PathHeld: OperationHeld}[request.URL.Path]
}

// Forget drops the ids of the events that were taken; what they said stays.
func (p *platform) Forget() { p.taken.forget() }

// Book gives what the platform holds. It knows the holder of a licence by the licence's key alone, which stands in the place of the
// identity number.
func (p *platform) Book() *holding.Book { return &p.book }

// Answer verifies the call, then takes the event or lists what is held. A failure that was switched on has the status that its code
// says; with 200 it looks like a success until the body is read.
func (p *platform) Answer(call standin.Call) standin.Reply {
	id, refused := p.verify(call)
	if refused != nil {
		return refused.reply(call)
	}
	if setting, has := call.Faults.Get(fault.Business); has {
		return (&refusal{status(setting.Code), "switched-on", setting.Message}).reply(call)
	}
	if call.Operation == OperationHeld {
		return p.held(call)
	}
	return p.take(call, id)
}

// refusal is why a call was not taken, as RFC 9457 writes it.
type refusal struct {
	Status int    `json:"status"`
	Type   string `json:"type"`
	Detail string `json:"detail"`
}

func (r *refusal) reply(call standin.Call) standin.Reply {
	reply := standin.JSON(call, r.Status, r)
	if r.Status != http.StatusOK {
		reply.ContentType = "application/problem+json"
	}
	return reply
}

// status reads a failure code that was switched on; what is no status becomes 500.
func status(code string) int {
	number, err := strconv.Atoi(code)
	if err != nil || number < 200 || number > 599 {
		return http.StatusInternalServerError
	}
	return number
}
