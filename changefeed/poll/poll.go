package poll

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Reporter takes in what was found; [changefeed.Intake] is one.
type Reporter interface {
	Report(ctx context.Context, report *exchange.Report) (changefeed.Acceptance, error)
}

// Marks keep the durable places; [journal.State] is one. Keys are source ids behind a prefix.
type Marks interface {
	Get(ctx context.Context, key string) (journal.Value, error)
	Put(ctx context.Context, key string, data []byte, revision uint64) (uint64, error)
}

// Observer is told what polling does, for metrics. It must be safe for concurrent use and must not block.
type Observer interface {
	// Asked tells of one question to a source: its mode, "" or the code of its failure, and the rows or licences that it brought.
	Asked(source, mode string, failure exchange.Code, rows int)
	// Reported tells what became of one row or licence: one of the Outcome constants, a [exchange.ReportOutcome] or an error code.
	Reported(source, mode, outcome string)
	// Covered tells the moment up to which everything that the source had is known; its age is the lag.
	Covered(source, mode string, moment time.Time)
}

// The modes, as observers and logs name them.
const (
	ModeIncremental = "incremental"
	ModeRequery     = "requery"
)

// The outcomes of what is not reported, next to those of reports.
const (
	OutcomeSame      = "same"      // the licence is as this source said last
	OutcomeBroken    = "broken"    // the row can't be read
	OutcomeElsewhere = "elsewhere" // another province than the poll's keeps it
	OutcomeEarly     = "early"     // dated ahead of the clock: it is read again until its time has come
	OutcomeSilent    = "silent"    // it says nothing of what is polled
)

// Base is what both kinds of polling work with. All members but Aspects and Observer must be set, and none may change.
type Base struct {
	Source     string            // id of the source, as policies know the reporter
	Region     exchange.Region   // province whose licences are polled; National: all
	Aspects    []exchange.Aspect // what the source may announce; empty: everything
	Purpose    exchange.Purpose  // why it is asked
	Reporter   Reporter
	Pseudonyms exchange.Pseudonyms
	Marks      Marks
	Gate       *Gate         // the source's, shared by all of its polls
	Every      time.Duration // Incremental: from the beginning of a pass to that of the next; Requery: from one question about a licence to the next
	Timeout    time.Duration // of one question
	Patience   Patience
	Clock      func() time.Time
	Random     func(limit time.Duration) time.Duration // evenly from 0 to below limit
	Logger     *slog.Logger
	Observer   Observer // nil: nobody counts
}

func (b *Base) check() error {
	switch {
	case b.Source == "" || b.Reporter == nil || b.Pseudonyms == nil || b.Marks == nil || b.Gate == nil:
		return fmt.Errorf("poll %q: source, reporter, pseudonyms, marks and gate are required", b.Source)
	case b.Clock == nil || b.Random == nil || b.Logger == nil:
		return fmt.Errorf("poll %s: clock, random and logger are required", b.Source)
	case b.Every <= 0 || b.Timeout <= 0:
		return fmt.Errorf("poll %s: every and timeout must be above 0", b.Source)
	}
	return nil
}

// covers reports whether a licence of the region is polled.
func (b *Base) covers(region exchange.Region) bool {
	return b.Region == exchange.National || b.Region == region
}

// narrowed leaves of the facts what the source may announce.
func (b *Base) narrowed(facts exchange.Facts) exchange.Facts {
	if len(b.Aspects) == 0 {
		return facts
	}
	return facts.Only(b.Aspects)
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, wait time.Duration) {
	if wait <= 0 {
		return
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
