package suishenban

import (
	"context"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// session makes calls that need to be logged in. One session of the library serves all callers.
type session struct {
	login login
	kept  *outbound.Rotating[string]
}

func newSession(l login) session {
	return session{l, outbound.NewRotating(outbound.RotatingConfig[string]{Clock: l.clock, Fetch: l.fetch, Margin: sessionMargin})}
}

// ask makes one call within a session, and once more in a new one if the library has ended it.
func (s session) ask(ctx context.Context, path string, p exchange.Purpose, question func(purpose) any) (answer, error) {
	a, lease, err := s.askOnce(ctx, path, p, question)
	if err == nil && a.ErrorCode == errorSession && !a.ok() {
		s.kept.Invalidate(lease)
		a, _, err = s.askOnce(ctx, path, p, question)
	}
	if err != nil {
		return answer{}, err
	}
	if !a.ok() {
		return answer{}, s.login.failures.Error(a.ErrorCode)
	}
	return a, nil
}

func (s session) askOnce(ctx context.Context, path string, p exchange.Purpose, question func(purpose) any) (answer, outbound.Lease[string], error) {
	lease, err := s.kept.Get(ctx)
	if err != nil {
		return answer{}, lease, err
	}
	a, err := s.login.caller.post(ctx, path, question(purposeOf(p, lease.Value)), true)
	return a, lease, err
}
