package outbound

import (
	"context"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Inbound reads what a platform pushes in its own format.
type Inbound interface {
	// Receive verifies a call and reads the changes that it announces at the moment now. After an error there are no reports, and
	// the answer says no whatever it is given.
	Receive(header http.Header, body []byte, now time.Time) ([]exchange.Report, PushAnswer, error)
	// Later gives the answer to a call of which not all became durable: the platform is to send it again.
	Later() []byte
	// MaxBody is the largest body of a call in bytes.
	MaxBody() int64
}

// PushAnswer gives the platform's own answer to a push, once all reports are durable. Rows that could not be read are in it by
// themselves; refused are those that could and do not stand.
type PushAnswer func(refused []PushRefusal) []byte

// PushRefusal is a report of a push that does not stand.
type PushRefusal struct {
	Number uint64 // exchange.Report.Sequence, the row's own number
	Reason string // an outcome or a code of the problem catalogue, such as impossible or policy-refused
}

// InboundFactory builds the reader of one platform's pushes, as [Factory] does a source. region is of licences whose row names no
// department.
type InboundFactory func(id string, region exchange.Region, decode Decode, deps Deps) (Inbound, error)

// Nonces remembers which nonces of a party were used. It must be atomic and safe for concurrent use, and outlive a restart.
type Nonces interface {
	// Mark reports whether the nonce was unused, and marks it as used at least until then.
	Mark(ctx context.Context, party, nonce string, until time.Time) (fresh bool, err error)
}

// PartyNonces are those of one party, bounded in time.
type PartyNonces struct {
	Nonces Nonces
	Party  string
}

// markTime bounds the wait for the store.
const markTime = 3 * time.Second

// Use reports whether the nonce was unused, and marks it. What the store can't say is Overloaded: to be sent again.
func (n PartyNonces) Use(nonce string, until time.Time) (bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), markTime)
	defer cancel()
	fresh, err := n.Nonces.Mark(ctx, n.Party, nonce, until)
	if err != nil {
		return false, exchange.Errorf(exchange.Overloaded, "mark a nonce: %w", err)
	}
	return fresh, nil
}
