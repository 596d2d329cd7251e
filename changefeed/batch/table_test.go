package batch

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"strconv"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// table is a front-end database in memory that keeps the contract: a batch whole or not at all, no version twice or after a higher
// one. react, if set, may refuse rows or fail before or after the commit.
type table struct {
	mu      sync.Mutex
	heads   map[string]uint64
	rows    []exchange.Notice
	numbers []string
	most    int // rows of the largest batch
	limit   int
	react   func(number string, notices []exchange.Notice) reaction

	incoming []*exchange.Report
	perPage  int
	rejected map[string]string
	refused  []Refused
	fail     error
}

type reaction struct {
	refuse        []Refused
	before, after error
}

func newTable() *table {
	return &table{heads: map[string]uint64{}, limit: 1000, perPage: 1000, rejected: map[string]string{}}
}

func (b *table) Write(_ context.Context, number string, notices []exchange.Notice) (Written, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var r reaction
	if b.react != nil {
		r = b.react(number, notices)
	}
	if r.before != nil {
		return Written{}, r.before
	}
	written := Written{Refused: r.refuse}
	refused := map[string]bool{}
	for _, row := range r.refuse {
		refused[row.Licence] = true
	}
	for _, n := range notices {
		switch {
		case refused[n.Licence]:
		case n.Version <= b.heads[n.Licence]:
			written.Known++
		default:
			b.heads[n.Licence] = n.Version
			b.rows = append(b.rows, n)
			written.Rows++
		}
	}
	b.numbers, b.most = append(b.numbers, number), max(b.most, len(notices))
	return written, r.after
}

func (b *table) Apply(ctx context.Context, n exchange.Notice) error {
	_, err := b.Write(ctx, "replay", []exchange.Notice{n})
	return err
}

func (b *table) Limit() int { return b.limit }

// Due is midnight in China.
func (b *table) Due(after time.Time) time.Time { return exchange.Today(after).AddDays(1).Time() }

// state gives the last row of each licence, and false if a version went back or came twice.
func (b *table) state() (map[string]exchange.Notice, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	last, ordered := map[string]exchange.Notice{}, true
	for _, row := range b.rows {
		ordered = ordered && row.Version > last[row.Licence].Version
		last[row.Licence] = row
	}
	return last, ordered
}

func (b *table) Incoming(_ context.Context, mark json.RawMessage) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		b.mu.Lock()
		all := b.incoming
		b.mu.Unlock()
		if b.fail != nil {
			yield(Page{}, b.fail)
			return
		}
		for at := max(0, placeOf(mark)-2); at < len(all); at += b.perPage { // an overlap of two rows
			end := min(at+b.perPage, len(all))
			if !yield(Page{Reports: all[at:end], Broken: 1, Mark: json.RawMessage(strconv.Itoa(end))}, nil) {
				return
			}
		}
	}
}

func placeOf(mark json.RawMessage) int {
	at, err := strconv.Atoi(string(mark))
	if err != nil && mark != nil {
		panic(fmt.Sprintf("not a mark of ours: %s", mark))
	}
	return at
}

func (b *table) Reject(_ context.Context, reasons map[string]string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	maps.Copy(b.rejected, reasons)
	return nil
}

func (b *table) Refused(_ context.Context, mark json.RawMessage) iter.Seq2[RefusedPage, error] {
	return func(yield func(RefusedPage, error) bool) {
		if b.fail != nil {
			yield(RefusedPage{}, b.fail)
			return
		}
		if from := max(0, placeOf(mark)-2); from < len(b.refused) {
			yield(RefusedPage{Refused: b.refused[from:], Mark: json.RawMessage(strconv.Itoa(len(b.refused)))}, nil)
		}
	}
}
