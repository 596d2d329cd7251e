package gateway

import (
	"time"

	"golang.org/x/time/rate"
)

// tenant is one platform in one class.
type tenant struct {
	quota   Quota // its InFlight is set
	weight  int
	bucket  *rate.Limiter
	atWork  int
	line    []*ticket // who came first stands first
	used    float64   // seconds of places, over its weight; see [fair.let]
	takes   time.Duration
	refused [refusals]uint64
}

// refusal is why a request was refused.
type refusal int

// The reasons, as metrics name them; see [refusal.String].
const (
	refusedRate   refusal = iota // more requests than the rate and the burst allow
	refusedShare                 // as many at work and in line as the platform may have
	refusedPlaces                // others have the places, and the wait would be too long
	refusals                     // how many reasons there are
)

func (r refusal) String() string { return [...]string{"rate", "share", "places"}[r] }

// tenant finds a platform. One without a quota of its own has the default.
func (f *fair) tenant(platform string) *tenant {
	t, known := f.tenants[platform]
	if !known {
		t = &tenant{bucket: rate.NewLimiter(rate.Inf, 1)}
		t.set(f.clock(), f.standard.of(f.class), f.standard.Weight, f.places)
		f.tenants[platform] = t
	}
	return t
}

// set puts new quotas in force. What a platform used of its burst stays used, so that a reload gives nobody a new one.
func (f *fair) set(places int, config *QuotaConfig) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.clock()
	f.places, f.standard = places, config.Default
	for platform, t := range f.tenants {
		if _, listed := config.Platforms[platform]; !listed && t.idle(now) {
			delete(f.tenants, platform)
		} else if !listed {
			t.set(now, f.standard.of(f.class), f.standard.Weight, places)
		}
	}
	for platform, quota := range config.Platforms {
		if f.tenants[platform] == nil {
			f.tenants[platform] = &tenant{bucket: rate.NewLimiter(rate.Inf, 1)}
		}
		quota = config.Limits.fill(quota)
		f.tenants[platform].set(now, quota.of(f.class), quota.Weight, places)
	}
	f.callNext(now)
}

// idle reports whether there is nothing about the tenant to remember.
func (t *tenant) idle(now time.Time) bool {
	return t.atWork == 0 && len(t.line) == 0 && t.bucket.TokensAt(now) >= float64(t.bucket.Burst())
}

func (t *tenant) set(now time.Time, quota Quota, weight, places int) {
	quota.InFlight = min(quota.InFlight, places)
	fresh := t.bucket.Limit() == rate.Inf
	t.quota, t.weight = quota, max(1, weight)
	switch {
	case quota.PerSecond <= 0:
		t.bucket = rate.NewLimiter(rate.Inf, 1)
	case fresh: // a bucket that never ran has no level that could be kept
		t.bucket = rate.NewLimiter(rate.Limit(quota.PerSecond), max(1, quota.Burst))
	default:
		t.bucket.SetLimitAt(now, rate.Limit(quota.PerSecond))
		t.bucket.SetBurstAt(now, max(1, quota.Burst))
	}
}
