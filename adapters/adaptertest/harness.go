package adaptertest

import (
	"net/http"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Harness is what one adapter brings to the contract.
type Harness struct {
	// Start gives a fresh stand-in of the platform, which tells the time by clock. It is called once for each case.
	Start func(t testing.TB, clock func() time.Time) Platform
	// Open builds a source that asks the platform at base, such as http://127.0.0.1:40001. It must allow loopback addresses, and
	// its HTTP timeout should leave room for a slow test machine. A refresh of a secret goes on after its caller left, so
	// the source's Close must end it: a case ends only when the platform is at rest. deps.Secrets is not set; a source that
	// is opened with a wrong credential takes any other than the right one.
	Open func(base string, credential Credential, deps outbound.Deps) (*exchange.Source, error)
	// Now is the time at which each case begins.
	Now time.Time
	// Questions are what the source is asked; at least one.
	Questions []Question
	// Purpose lists values that stand in the requests' purposes and must be in what the platform receives. Empty for a platform
	// without purpose fields.
	Purpose []string
	// Lacks gives, for each fault that the platform cannot have, the reason. The case is skipped with it.
	Lacks map[Fault]string
	// Secret describes the secret that the platform hands out for a time; nil if it hands out none.
	Secret *Secret
}

// Credential says which credential a source is opened with.
type Credential int

// The credentials.
const (
	RightCredential Credential = iota
	WrongCredential
)

// Platform is one running stand-in.
type Platform struct {
	Handler http.Handler
	// Break turns a fault on, for the next so many calls (0: for all), for so long where the fault has a length.
	Break func(fault Fault, times int, length time.Duration) error
	// Calls counts the requests that arrived, by operation.
	Calls func() map[string]int
}

// Secret describes a secret that a platform hands out for a time.
type Secret struct {
	// Refresh is the operation that hands it out, as Platform.Calls counts it.
	Refresh string
	// Life is how long the secret lives.
	Life time.Duration
}

// Question is one thing to ask.
type Question struct {
	// Operation is that of the contract, or [IdentityMatch].
	Operation exchange.Operation
	// Request is asked; its Now is set by the contract.
	Request exchange.SourceRequest
	// Want is what the data set holds: an exchange.Licence, []exchange.Violation, exchange.Picture or IdentityVerdict.
	Want any
	// AsOf is what the answer must say about its age; not compared for an identity match.
	AsOf time.Time
	// Refusals are other requests of the same operation that end in an error.
	Refusals []Refusal
	// Faults replaces the contract's code for a fault by those that this question may end in.
	Faults map[Fault][]exchange.Code
}

// Refusal is a request that the platform answers with a no.
type Refusal struct {
	Name    string
	Request exchange.SourceRequest
	Want    exchange.Code
}

// IdentityMatch asks the source's IdentityMatcher.
const IdentityMatch exchange.Operation = "identity.match"
