package gateway

import (
	"runtime"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Limits bound what callers can cost. A zero member stands for its default.
type Limits struct {
	// BodyBytes is the largest request body, as sent. Default 65536: the largest request that the contract allows has some
	// 12 KiB, an envelope adds a half.
	BodyBytes int64
	// InFlight is how many queries are worked on at once, and as many reports; more wait for a place. Default 256.
	InFlight int
	// PerPlatform is how many of them may be one platform's whose quota says nothing else. Default: half of InFlight.
	PerPlatform int
	// Waiting is how many requests that may wait for news are taken at once; they take no place from those above. Default 256.
	Waiting int
	// WaitingPerPlatform is how many of them may be one platform's whose quota says nothing else; it needs one or two. Default: an
	// eighth of Waiting.
	WaitingPerPlatform int
	// Budget bounds a query, its wait for a place included. Default 3 s.
	Budget time.Duration
	// Strangers is how many signatures may be under verification for callers who proved nothing yet on their connection: to verify is
	// the dearest that a stranger can ask for. Default: half of the processors, at least one.
	Strangers int
	// Documents is how many requests for documents (/docs, /openapi.yaml, /problems), which anybody may read, are answered at
	// once. Default 32.
	Documents int
	// Connections is how many connections the contract's listener holds; more wait in the kernel. Default 1024. How many one
	// address may open is for a front proxy to bound.
	Connections int
	// HeaderBytes is the largest request header. Default 16384.
	HeaderBytes int
	// HeaderTime is how long a client may take to send its header, and how long a new connection may be silent. Default 5 s.
	HeaderTime time.Duration
	// ReadTime is how long a client may take to send the whole request. Default 10 s.
	ReadTime time.Duration
	// WriteTime is how long a request may take from its header to the end of its answer, what it waits for news apart. Default 30 s.
	WriteTime time.Duration
	// IdleTime is how long a platform's connection may wait for the next request. Default 90 s. Whoever proved nothing gets one
	// answer, and the connection is closed.
	IdleTime time.Duration
	// Drain is how long requests under way may go on after the stop began. Default 8 s.
	Drain time.Duration
}

func (l *Limits) setDefaults() {
	orDefault(&l.BodyBytes, 64<<10)
	orDefault(&l.InFlight, 256)
	orDefault(&l.PerPlatform, max(1, l.InFlight/2))
	orDefault(&l.Waiting, 256)
	orDefault(&l.WaitingPerPlatform, max(1, l.Waiting/8))
	orDefault(&l.Budget, exchange.DefaultBudget)
	orDefault(&l.Strangers, max(1, runtime.GOMAXPROCS(0)/2))
	orDefault(&l.Documents, 32)
	orDefault(&l.Connections, 1024)
	orDefault(&l.HeaderBytes, 16<<10)
	orDefault(&l.HeaderTime, 5*time.Second)
	orDefault(&l.ReadTime, 10*time.Second)
	orDefault(&l.WriteTime, 30*time.Second)
	orDefault(&l.IdleTime, 90*time.Second)
	orDefault(&l.Drain, 8*time.Second)
}

func orDefault[T int | int64 | time.Duration](value *T, standard T) {
	if *value <= 0 {
		*value = standard
	}
}
