package gateway

import (
	"context"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Class is a kind of work with places and quotas of its own, so that none crowds out another.
type Class string

// The classes.
const (
	Queries Class = "queries" // what citizens wait for, and capabilities
	Reports Class = "changes" // reports of changes, pushed ones included
	Feed    Class = "feed"    // reading the feed of changes, where one may wait for news
)

// Quota is what one platform may have of one class.
type Quota struct {
	PerSecond float64 // requests/s in the long run; 0: no bound
	Burst     int     // requests at once after a pause; below 1 it is 1
	InFlight  int     // requests at work, and as many again in line; 0: the share that [Limits] give each platform
}

// PlatformQuota is what one platform may have.
type PlatformQuota struct {
	Weight                 int // its share of the places while others want them too; below 1 it is 1
	Queries, Reports, Feed Quota
}

func (q *PlatformQuota) of(class Class) Quota {
	switch class {
	case Reports:
		return q.Reports
	case Feed:
		return q.Feed
	}
	return q.Queries
}

// QuotaConfig is what [Quotas] go by. Limits gives the places: InFlight of queries and of reports each, Waiting of the feed.
type QuotaConfig struct {
	Limits    Limits
	Default   PlatformQuota            // of who is not listed, as a pushing platform may be
	Platforms map[string]PlatformQuota // by id
}

// Quotas let platforms in that have proved who they are. One object serves for the whole life of a gateway, reloads included, and is safe
// for concurrent use. The bounds are those of this process: gateways behind one address count each for itself.
type Quotas struct {
	clock   func() time.Time
	classes map[Class]*fair
	waits   *waits
}

// NewQuotas makes them.
func NewQuotas(config QuotaConfig, clock func() time.Time) *Quotas {
	q := &Quotas{clock: clock, classes: map[Class]*fair{}, waits: newWaits()}
	for _, class := range classes() {
		f := newFair(class, 0, class != Feed, clock) // to wait for a place to wait at helps nobody
		f.waited = q.waits.observer(class)
		q.classes[class] = f
	}
	q.Set(config)
	return q
}

func classes() []Class { return []Class{Queries, Reports, Feed} }

// Set puts another configuration in force. Who is at work or in line is not disturbed, and nobody gets a new burst by it.
func (q *Quotas) Set(config QuotaConfig) {
	config.Limits.setDefaults()
	config.Default = config.Limits.fill(config.Default)
	for class, f := range q.classes {
		places := config.Limits.InFlight
		if class == Feed {
			places = config.Limits.Waiting
		}
		f.set(places, &config)
	}
}

// Enter gives a platform a place in a class, if it can be answered within the budget from now on: at once, or after a wait in its own
// line. The place must be left in the end. Errors: [exchange.QuotaExceeded], [exchange.Overloaded], both with RetryAfter.
func (q *Quotas) Enter(ctx context.Context, class Class, platform string, budget time.Duration) (*Place, Standing, error) {
	return q.classes[class].enter(ctx, platform, budget)
}

// fill gives the shares of the places that a quota leaves open.
func (l *Limits) fill(quota PlatformQuota) PlatformQuota {
	orDefault(&quota.Queries.InFlight, l.PerPlatform)
	orDefault(&quota.Reports.InFlight, l.PerPlatform)
	orDefault(&quota.Feed.InFlight, l.WaitingPerPlatform)
	return quota
}

// budget is how long a request of the class may take, its wait for a place included.
func (l *Limits) budget(class Class) time.Duration {
	if class == Queries {
		return l.Budget
	}
	return exchange.DefaultBudget
}
