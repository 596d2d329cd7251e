package poll

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// table is a source that lists changes. Rows have whole seconds and may become visible later than their moment says.
type table struct {
	keyed bool // it can go on within a second
	most  int  // it gives no more rows, whatever is asked for; 0: as many

	mu    sync.Mutex
	rows  map[string]visible // by key
	fails []error            // the next answers; nil answers well
	asked []time.Time
	limit []int
}

type visible struct {
	row  exchange.ChangedRow
	from time.Time
}

func newTable(keyed bool) *table { return &table{keyed: keyed, rows: map[string]visible{}} }

// set changes a licence at a moment; the row becomes visible so much later.
func (t *table) set(subject exchange.Subject, at time.Time, facts exchange.Facts, late time.Duration) {
	key := subject.IDNumber.Reveal()
	row := exchange.ChangedRow{Place: exchange.ChangePlace{Moment: at.Truncate(time.Second), Key: key}, Subject: subject, Region: "310000", Facts: facts}
	t.put(row, at.Add(late))
}

func (t *table) put(row exchange.ChangedRow, from time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows[row.Place.Key] = visible{row, from}
}

func (t *table) fail(errs ...error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fails = append(t.fails, errs...)
}

// calls gives when it was asked, and for how many rows.
func (t *table) calls() ([]time.Time, []int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.asked), slices.Clone(t.limit)
}

func (t *table) Changed(ctx context.Context, q exchange.ChangesQuestion) (exchange.ChangedPage, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked, t.limit = append(t.asked, time.Now()), append(t.limit, q.Limit)
	if !exchange.AskedOnce(ctx) {
		return exchange.ChangedPage{}, errors.New("the question might be repeated")
	}
	if len(t.fails) > 0 {
		err := t.fails[0]
		if t.fails = t.fails[1:]; err != nil {
			return exchange.ChangedPage{}, err
		}
	}
	rows := t.behind(q.After)
	page := exchange.ChangedPage{Rows: rows[:min(q.Limit, len(rows))], Full: len(rows) >= q.Limit}
	if t.most > 0 && len(rows) > t.most {
		page.Rows, page.Full = rows[:t.most], false
	}
	page.Stuck = !t.keyed && page.Full && !page.Rows[q.Limit-1].Place.Moment.After(q.After.Moment)
	return page, nil
}

func (t *table) behind(after exchange.ChangePlace) []exchange.ChangedRow {
	var rows []exchange.ChangedRow
	for _, v := range t.rows {
		passed := v.row.Place.Moment.Before(after.Moment.Truncate(time.Second)) || t.keyed && after.Key != "" && !after.Before(v.row.Place)
		if !passed && !v.from.After(time.Now()) {
			rows = append(rows, v.row)
		}
	}
	slices.SortFunc(rows, func(a, b exchange.ChangedRow) int {
		return cmp.Or(a.Place.Moment.Compare(b.Place.Moment), cmp.Compare(a.Place.Key, b.Place.Key))
	})
	return rows
}
