package adaptertest

import (
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// ReceiverHarness is what one receiver of changes brings to its contract, [ExerciseReceiver].
type ReceiverHarness struct {
	// Start gives a fresh stand-in, see Harness.Start.
	Start func(t testing.TB, clock func() time.Time) ReceiverPlatform
	// Open builds a receiver, see Harness.Open.
	Open func(base string, credential Credential, deps outbound.Deps) (*exchange.Receiver, error)
	// Now is the time at which each case begins.
	Now time.Time
	// Notice is told. Its version must be over 1, it must have events and a subject with name and file number, and each of its
	// fields must be one that the platform's format holds.
	Notice exchange.Notice
	// Want is what the platform holds afterwards, by its own names; for a platform that keeps no state, what it showed.
	Want map[string]string
	// Purpose lists values as Harness.Purpose does.
	Purpose []string
	// Lacks is as Harness.Lacks.
	Lacks map[Fault]string
	// Secret is as Harness.Secret.
	Secret *Secret
	// Outcomes gives, for failure codes of the platform's own envelope, the codes that a notice may end in: what answers 200 and
	// is no success.
	Outcomes map[string][]exchange.Code
	// Messages says that the platform takes messages and not states: the same again is another message. Such a receiver must not
	// repeat a call by itself, and has no cases about versions.
	Messages bool
}

// ReceiverPlatform is one running stand-in.
type ReceiverPlatform struct {
	Platform
	// Told gives what the stand-in was told of the licence of this ID number; the zero Told if nothing.
	Told func(idNumber string) Told
	// Fail has the platform answer the next call with a failure of its own envelope.
	Fail func(code string) error
}

// Told is what a stand-in was told of one licence.
type Told struct {
	Version  uint64
	Fields   map[string]string // by the platform's own names
	Masked   []string          // names of those shown in part
	Writings int               // how often it was changed
}
