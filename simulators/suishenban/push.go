package suishenban

import (
	"context"
	"encoding/base64"
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

// Pusher sends changes of licences as signed messages (register of assumptions, S4). It is safe for concurrent use.
type Pusher struct {
	URL    string // where they go
	KeyID  string
	Sign   func(message []byte) (signature []byte, err error) // SM2 with SM3, DER; the algorithm is the standard's, the message is ours
	Client *http.Client
	Clock  func() time.Time
	Faults *fault.Switches // act on the operation standin.OperationPush; nil: none
	// Sent is how many events earlier pushers of this platform have sent: numbers and nonces go on from there. A service remembers both.
	Sent uint64

	events atomic.Uint64 // sent by this one
	nonces standin.Mint
}

// event is one licence's change.
type event struct {
	Seq        uint64            `json:"seq"`
	HolderType string            `json:"holderType"`
	HolderCode string            `json:"holderCode"`
	HolderName string            `json:"holderName"`
	ChangeTime string            `json:"changeTime"`
	Data       map[string]string `json:"data"`
}

// Push sends the licences as they stand, as one message, and gives the answer.
func (p *Pusher) Push(ctx context.Context, people ...citizen.Citizen) (status int, answer []byte, err error) {
	var plan fault.Plan
	if p.Faults != nil {
		plan = p.Faults.Take(standin.OperationPush)
	}
	events := make([]event, 0, len(people))
	for _, person := range people {
		if !person.Licensed() {
			return 0, nil, errors.New("suishenban: a person without a licence has no event to push")
		}
		events = append(events, p.event(person, plan))
	}
	body, err := p.message(events, plan)
	if err != nil {
		return 0, nil, err
	}
	return standin.Push(ctx, p.Client, p.URL, http.Header{}, body, plan)
}

func (p *Pusher) event(person citizen.Citizen, plan fault.Plan) event {
	row, data := person.LicenceRow().Upper(), map[string]string{}
	for _, name := range []string{"ZT", "ZJCX", "YXQZ", "JZQX", "ZXBH", "BZCS", "FZRQ", "LJJF", "QFRQ", "GLBM", "DABH"} {
		data[name] = row[name]
	}
	changed := person.Licence.Updated.Add(-plan.Duration(fault.Stale))
	return event{p.Sent + p.events.Add(1), "居民身份证", person.IDNumber, person.Name, citizen.Moment(changed), data}
}

// message signs ver, kid, ts and nonce, each with a line feed, and the data.
func (p *Pusher) message(events []event, plan fault.Plan) ([]byte, error) {
	data, err := json.Marshal(map[string]any{"events": events})
	if err != nil {
		return nil, err
	}
	sent, nonce := p.Clock().Add(plan.Duration(fault.ClockSkew)).UnixMilli(), p.nonces.Next("push"+strconv.FormatUint(p.Sent, 10))
	signature, err := p.Sign([]byte("1\n" + p.KeyID + "\n" + strconv.FormatInt(sent, 10) + "\n" + nonce + "\n" + string(data)))
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{
		"ver": "1", "kid": p.KeyID, "ts": sent, "nonce": nonce, "data": string(data),
		"sig": base64.StdEncoding.EncodeToString(signature),
	})
}
