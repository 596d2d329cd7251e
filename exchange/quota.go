package exchange

import (
	"errors"
	"fmt"
	"time"
)

// Counted is what a [Quota] counts.
type Counted string

// What quotas count.
const (
	CountedRequests Counted = "requests" // queries that policy allowed, whatever came of them
	CountedSubjects Counted = "subjects" // different people among those asked about
)

// Quota bounds how much a platform may ask for one purpose in an hour or a day of China. It comes with the decision, as a term of it.
type Quota struct {
	Of     Counted
	Most   int
	Per    time.Duration // an hour or a day
	Reason Reason        // given once it is spent
}

// String says it for people: "5000 subjects per 24h0m0s".
func (q *Quota) String() string { return fmt.Sprintf("%d %s per %v", q.Most, q.Of, q.Per) }

// Use is one query to be counted.
type Use struct {
	Platform string
	Purpose  string
	Subject  string // pseudonym
	At       time.Time
}

// Meter counts queries against the quotas of policies.
type Meter interface {
	// Count counts a query against all quotas, or against none and gives the first that is spent, and how long it stays so.
	Count(use Use, quotas []Quota) (spent *Quota, again time.Duration)
}

// withinQuotas counts a query that policy allowed. Quotas that nobody counts are a refusal.
func (b *Broker) withinQuotas(q *Query, d *Decision, record *Record) error {
	if len(d.Quotas) == 0 {
		return nil
	}
	if b.Meter == nil {
		return &Error{Code: PolicyUnavailable, Err: errors.New("the decision has quotas and nobody counts")}
	}
	spent, again := b.Meter.Count(Use{q.Caller.Platform, q.Purpose.Code, record.Subject, q.Received}, d.Quotas)
	if spent == nil {
		return nil
	}
	return &Error{
		Code: QuotaExceeded, Reasons: []Reason{spent.Reason}, RetryAfter: again, Err: fmt.Errorf("more than %v for %s", spent, q.Purpose.Code),
	}
}
