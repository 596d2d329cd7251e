package exchange

import "context"

// Receiver is one configured platform that is told of changes.
type Receiver struct {
	ID       string // unique in the configuration, such as zheliban
	Kind     string // the dialect, such as zheliban
	Region   Region // where the platform is; National for one that serves the whole country
	Changes  ChangeReceiver
	Holdings ChangeHolder // nil: the platform can't say what it holds
	Close    func() error // nil: nothing to close
}

// ChangeReceiver tells a platform of a change in the platform's own format.
type ChangeReceiver interface {
	// Apply returns nil when the platform holds this version or a newer one: it took it, or it had it before. Every failure is an
	// [*Error]:
	//
	//   - worth another try, later: SourceDown, SourceTimeout, TransferInterrupted, SourceInvalid, Overloaded; RetryAfter, if
	//     set, says when
	//   - [EndpointGone]: nothing will be taken at this address again
	//   - any other code: this notice will not be taken, however often it is sent
	//
	// After a failure of the first kind the platform may have taken the notice all the same.
	Apply(ctx context.Context, notice Notice) error
}

// ChangeHolder says what a platform holds of what it was told, so that it can be compared with what it should hold.
type ChangeHolder interface {
	// Held lists holdings in ascending order of licence, those after the given licence, "" for the first ones. An empty list ends
	// it. The purpose says who compares and why. Errors are those of a source.
	Held(ctx context.Context, purpose Purpose, after string) ([]Holding, error)
	// Expected gives what the platform holds when it has taken this notice and none since.
	Expected(notice Notice) (Holding, error)
}

// Holding is what a platform holds of one licence, without saying it: two are equal if version and digest are.
type Holding struct {
	Licence string // the licence's key
	Version uint64
	Digest  string // over the fields as that platform was told them; hex, lower case; comparable within one platform only
}
