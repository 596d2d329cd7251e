package gateway

import (
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// PurposeQuotas count queries by platform and purpose against the quotas that come with decisions. One object serves for the whole life
// of a gateway, reloads included, and is safe for concurrent use. It counts what this process was asked since it started: gateways
// behind one address count each for itself. It holds as many subjects as the quotas of policies allow, which the policies' data bounds.
type PurposeQuotas struct {
	mu     sync.Mutex
	counts map[counted]*count
}

var _ exchange.Meter = (*PurposeQuotas)(nil)

// NewPurposeQuotas counts from nought.
func NewPurposeQuotas() *PurposeQuotas { return &PurposeQuotas{counts: map[counted]*count{}} }

// counted names one count.
type counted struct {
	platform, purpose string
	of                exchange.Counted
	per               time.Duration
}

// count is what was counted in one hour or day, from its first moment on.
type count struct {
	since    time.Time
	requests int
	subjects map[subject]struct{}
}

// subject is the first half of a pseudonym, 128 bits: as good as the whole to tell people apart, at half the room.
type subject [32]byte

// Count implements [exchange.Meter].
func (q *PurposeQuotas) Count(use exchange.Use, quotas []exchange.Quota) (spent *exchange.Quota, again time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var who subject
	copy(who[:], use.Subject)
	counts := make([]*count, len(quotas))
	for i := range quotas {
		one := &quotas[i]
		since := windowOf(use.At, one.Per)
		counts[i] = q.count(counted{use.Platform, use.Purpose, one.Of, one.Per}, since)
		if counts[i].spent(one, who) {
			return one, since.Add(one.Per).Sub(use.At)
		}
	}
	for i := range quotas {
		counts[i].add(quotas[i].Of, who)
	}
	return nil, 0
}

// count gives the count of a window. A request that came just before the window and is counted after its first counts in the new one.
func (q *PurposeQuotas) count(name counted, since time.Time) *count {
	known := q.counts[name]
	ahead := known != nil && known.since.Sub(since) > name.per // a clock that ran ahead must not refuse until time catches up
	if known == nil || known.since.Before(since) || ahead {
		known = &count{since: since}
		q.counts[name] = known
	}
	return known
}

func (c *count) spent(quota *exchange.Quota, who subject) bool {
	if quota.Of == exchange.CountedRequests {
		return c.requests >= quota.Most
	}
	_, again := c.subjects[who]
	return !again && len(c.subjects) >= quota.Most
}

func (c *count) add(of exchange.Counted, who subject) {
	if of == exchange.CountedRequests {
		c.requests++
		return
	}
	if c.subjects == nil {
		c.subjects = map[subject]struct{}{}
	}
	c.subjects[who] = struct{}{}
}

// windowOf gives the first moment of the hour or day of China that a moment is in.
func windowOf(at time.Time, per time.Duration) time.Time {
	_, east := at.In(exchange.Shanghai()).Zone()
	offset := time.Duration(east) * time.Second
	return at.Add(offset).Truncate(per).Add(-offset)
}
