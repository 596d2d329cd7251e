package batch

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Outbox takes batches.
type Outbox interface {
	// Write makes a batch of notices durable, whole or, with an error, not at all; a lost connection may leave that open. It is
	// idempotent by licence and version, and writes no version after a higher one, whoever else writes. number names the batch.
	Write(ctx context.Context, number string, notices []exchange.Notice) (Written, error)
	// Limit gives how many notices a batch may hold.
	Limit() int
	// Due gives the first moment after the given one at which batches are due.
	Due(after time.Time) time.Time
}

// Written is what became of a batch.
type Written struct {
	Rows    int // written now
	Known   int // whose version, or a later one, was there before
	Refused []Refused
}

// Refused is a row that will not be taken.
type Refused struct {
	Licence string
	Version uint64    // 0: not said
	At      time.Time // when it was refused
	Remark  string    // why; a foreign one may name a person, so it is never logged
}

// Inbox gives what the other side has written. A mark is the reader's place, opaque here; nil is the beginning.
type Inbox interface {
	// Incoming gives the rows since the mark as reports, page by page, in order. Rows may come again: with the same report id.
	Incoming(ctx context.Context, mark json.RawMessage) iter.Seq2[Page, error]
	// Reject tells the other side, by report id, which of its rows were not taken and why. It is idempotent.
	Reject(ctx context.Context, reasons map[string]string) error
	// Refused gives what the other side has refused of our rows since the mark.
	Refused(ctx context.Context, mark json.RawMessage) iter.Seq2[RefusedPage, error]
}

// Page is some of the rows that the other side wrote.
type Page struct {
	Reports []*exchange.Report
	Broken  int // rows that are no reports; the other side has been told, of each one once
	Mark    json.RawMessage
}

// RefusedPage is some of the rows that the other side refused.
type RefusedPage struct {
	Refused []Refused
	Mark    json.RawMessage
}

// Ledger is what is read of the licences' ledger; [journal.Ledger] is one.
type Ledger interface {
	ScanSince(ctx context.Context, partition int, after journal.Revision, visit func(journal.Entry) error) error
	BacklogSince(ctx context.Context, partition int, after journal.Revision) (journal.Backlog, error)
}

// Intake takes reports in; [changefeed.Intake] is one.
type Intake interface {
	Report(ctx context.Context, report *exchange.Report) (changefeed.Acceptance, error)
}

// Observer counts for metrics. It must be safe for concurrent use and must not block.
type Observer interface {
	// Batch tells of a batch that was committed.
	Batch(platform string, written Written)
	// Rows tells of rows that were read: one of the Row constants.
	Rows(platform, outcome string, count int)
	// Work tells that some [Work] ended, with the code of its failure or "".
	Work(platform string, work Work, failure exchange.Code)
}

// What became of a row that was read.
const (
	RowReported = "reported" // it is durable, whatever it changed
	RowRejected = "rejected" // a report that may not be made; the other side has been told
	RowBroken   = "broken"   // no report at all; the other side has been told
	RowRefused  = "refused"  // one of ours that the other side refused; it is parked
	RowStray    = "stray"    // refused, but never told: it names no licence or version of ours
)

// Work is one of the kinds of work.
type Work string

// The works.
const (
	Telling  Work = "telling"  // batches of changes
	Reading  Work = "reading"  // the other side's rows
	Readback Work = "readback" // our rows that it refused
)
