package outbound

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// Factory builds the source of one kind of platform. id and region are the configuration's; the adapter reads its own settings
// by decode. An error names the setting that is wrong and never repeats a secret.
type Factory func(id string, region exchange.Region, decode Decode, deps Deps) (*exchange.Source, error)

// Decode fills the adapter's settings from the configuration; a key that into does not have is an error.
type Decode func(into any) error

// Deps is what an adapter is given by the program around it. Secrets must be set; every other member has a default, see
// [Deps.Filled].
type Deps struct {
	// Clock gives the time that platforms are told and by which secrets expire. Default: time.Now.
	Clock func() time.Time
	// Random is the source of nonces and jitter; it must be safe for concurrent use. Default: crypto/rand.
	Random io.Reader
	// Logger gets changes of state, such as a breaker that opens. Default: none.
	Logger *slog.Logger
	// Secrets reads a secret by reference, such as "file:keys/tmri.serial".
	Secrets func(reference string) (string, error)
	// Observer is told of every call. Default: nobody.
	Observer Observer
	// Spans follows each attempt. Default: nobody.
	Spans Spans
	// Contacts knows how citizens are reached, for receivers that send messages. Default: none, and such a receiver can't be
	// opened.
	Contacts Contacts
	// PublicKey reads a public key by reference, such as "file:keys/suishenban-push.pub.pem". Default: none, and who needs one can't be
	// opened.
	PublicKey func(reference string) (*smcrypto.PublicKey, error)
	// Nonces remembers which nonces pushes used. Default: none, and who receives pushes can't be opened.
	Nonces Nonces
	// Track is given each client that an adapter opens, so that a health page can read [Client.State]. Default: nobody.
	Track func(*Client)
	// Trace is told of every attempt. It must be safe for concurrent use and must not block. Default: nobody.
	Trace func(context.Context, Attempt)
}

// Attempt is one attempt of a call, as the connection showed it.
type Attempt struct {
	Destination string
	Ended       time.Time     // by the client's clock
	Took        time.Duration // from asking for a connection to the last byte of the answer
	Date        time.Time     // the platform's clock as its answer's Date header says (RFC 9110 §6.6.1), to the second; zero without one
	CertUntil   time.Time     // when the first certificate of the platform's chain to end will end; zero without TLS or an answer
}

// Observer counts calls for metrics. It must be safe for concurrent use and must not block.
type Observer interface {
	// Observe tells that a call to destination, made under ctx, ended; outcome is "" for an answer, else the code of its failure. took covers
	// all attempts.
	Observe(ctx context.Context, destination string, outcome exchange.Code, took time.Duration)
}

// Spans follows attempts for distributed traces. It must be safe for concurrent use and must not block.
type Spans interface {
	// Attempt tells that the nth attempt of a call to destination begins, counted from 1; carry, if not nil, takes the header fields by
	// which the destination can go on with the trace. The function that it gives is told the HTTP status of the answer, 0 for none, and
	// the code of the failure, "" for none.
	Attempt(ctx context.Context, destination string, n int, carry http.Header) (end func(status int, failure exchange.Code))
}

// Filled gives the dependencies with defaults in place of what is missing.
func (d Deps) Filled() Deps {
	if d.Clock == nil {
		d.Clock = time.Now
	}
	if d.Random == nil {
		d.Random = rand.Reader
	}
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	if d.Observer == nil {
		d.Observer = nobody{}
	}
	if d.Track == nil {
		d.Track = func(*Client) {}
	}
	if d.Trace == nil {
		d.Trace = func(context.Context, Attempt) {}
	}
	return d
}

type nobody struct{}

func (nobody) Observe(context.Context, string, exchange.Code, time.Duration) {}
