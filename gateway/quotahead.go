package gateway

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"
)

// Standing is how a platform stands in a class, as its answers say (draft-ietf-httpapi-ratelimit-headers-11).
type Standing struct {
	class      Class
	burst      int           // requests that fit into the window; 0: the rate has no bound
	window     time.Duration // in which the quota is filled up
	left       int           // requests that may follow at once
	reset      time.Duration // after which the quota is full, or after which to come again
	atOnce     int           // requests that may be at work
	atOnceLeft int
}

// standing gives the tenant's. retry is when to come again; 0: the request was let in.
func (t *tenant) standing(class Class, now time.Time, retry time.Duration) Standing {
	s := Standing{class: class, reset: retry, atOnce: t.quota.InFlight, atOnceLeft: max(0, t.quota.InFlight-t.atWork-len(t.line))}
	limit := t.bucket.Limit()
	if limit == rate.Inf {
		return s
	}
	tokens := t.bucket.TokensAt(now)
	s.burst, s.left = t.bucket.Burst(), max(0, int(math.Floor(tokens)))
	s.window = seconds(float64(s.burst) / float64(limit))
	if retry == 0 {
		s.reset = seconds((float64(s.burst) - tokens) / float64(limit))
	}
	return s
}

func seconds(of float64) time.Duration { return time.Duration(of * float64(time.Second)) }

// fields sets RateLimit-Policy, what the platform may do, and RateLimit, what is left of it. Both are lists of structured fields
// (RFC 9651) with an item for the rate and one for the requests at once; the second has no window, since its quota comes back with each
// answer. t is the moment of Retry-After where there is one. A standing without a class sets nothing.
func (s *Standing) fields(header http.Header) {
	if s.class == "" {
		return
	}
	policy := `"` + string(s.class) + `-at-once";q=` + strconv.Itoa(s.atOnce) + `;qu="concurrent-requests"`
	state := `"` + string(s.class) + `-at-once";r=` + strconv.Itoa(s.atOnceLeft)
	if s.burst > 0 {
		policy = `"` + string(s.class) + `";q=` + strconv.Itoa(s.burst) + `;w=` + wholeSeconds(s.window) + `, ` + policy
		state = `"` + string(s.class) + `";r=` + strconv.Itoa(s.left) + `;t=` + wholeSeconds(s.reset) + `, ` + state
	}
	header["Ratelimit-Policy"], header["Ratelimit"] = []string{policy}, []string{state}
}

// wholeSeconds rounds up: who comes when the time is over must not come too early.
func wholeSeconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}
