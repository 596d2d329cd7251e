package poll

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Incremental reads what a source changed since a watermark.
type Incremental struct {
	Base
	Lister  exchange.ChangeLister
	Overlap time.Duration // how late after its time of update a row may become visible; clocks that differ included
	Since   time.Time     // where the very first reading begins; zero: when it begins
	Rows    int           // of one page; 0: 200
}

const (
	defaultRows = 200
	// mostGrowth is how many times its configured size a page may get to hold all rows of one moment.
	mostGrowth = 16
)

// Run polls until ctx ends. Its only error is that of members that are missing; what fails later is logged and waited out.
func (p *Incremental) Run(ctx context.Context) error {
	if err := errors.Join(p.check(), p.checkOwn()); err != nil {
		return err
	}
	r := &reading{Incremental: p, watermark: newWatermark(p.Marks, p.Source), taken: taken{}}
	for failures := 0; ctx.Err() == nil; {
		err := r.step(ctx)
		if err == nil {
			failures = 0
			continue
		}
		if ctx.Err() != nil {
			break
		}
		failures++
		wait := p.Patience.wait(failures, advised(err), p.Random)
		p.trouble(ctx, ModeIncremental, err, wait)
		pause(ctx, wait)
	}
	return nil
}

func (p *Incremental) checkOwn() error {
	if p.Lister == nil || p.Overlap < 0 || p.Rows < 0 {
		return fmt.Errorf("poll %s: a lister is required, and overlap and rows must not be below 0", p.Source)
	}
	return nil
}

func (p *Incremental) rows() int {
	if p.Rows == 0 {
		return defaultRows
	}
	return p.Rows
}

// reading is where a run stands.
type reading struct {
	*Incremental
	watermark *watermark
	pass      *pass // nil: none is under way
	taken     taken
	ending    ending // of the last page that nothing came behind
}

// step reads one page, or waits for the next pass. After an error it is to be called again: the page is asked for again.
func (r *reading) step(ctx context.Context) error {
	if err := r.begin(ctx); err != nil {
		return err
	}
	page, at, err := r.ask(ctx)
	if err != nil {
		return err
	}
	if err := r.take(ctx, page.Rows, at); err != nil {
		return err
	}
	over, err := r.pass.advance(&page, at)
	if err != nil {
		return err
	}
	if err := r.watermark.raise(ctx, r.pass.reached); err != nil {
		return err
	}
	r.covered(ModeIncremental, r.watermark.moment)
	if over {
		r.end(ctx)
	}
	return nil
}

// begin starts a pass if none is under way, an overlap before the watermark.
func (r *reading) begin(ctx context.Context) error {
	now := r.Clock()
	first := r.Since
	if first.IsZero() {
		first = now
	}
	if err := r.watermark.load(ctx, first); err != nil || r.pass != nil {
		return err
	}
	start := r.watermark.moment.Add(-r.Overlap)
	r.taken.forget(start)
	r.pass = &pass{
		began: now, place: exchange.ChangePlace{Moment: start}, rows: r.rows(), mostRows: mostGrowth * r.rows(), overlap: r.Overlap,
		end: &r.ending,
	}
	return nil
}

// end ends the pass and waits until the next one is due.
func (r *reading) end(ctx context.Context) {
	began := r.pass.began
	r.pass = nil
	r.covered(ModeIncremental, began)
	pause(ctx, began.Add(max(r.Every, r.Gate.Pace())).Sub(r.Clock()))
}

// ask asks for the page behind the pass's place, and says when.
func (r *reading) ask(ctx context.Context) (page exchange.ChangedPage, at time.Time, err error) {
	if err := r.Gate.Enter(ctx); err != nil {
		return page, at, err
	}
	asking, cancel := context.WithTimeout(exchange.AskOnce(ctx), r.Timeout)
	defer cancel()
	at = r.Clock()
	err = surviving(func() (err error) {
		page, err = r.Lister.Changed(asking, exchange.ChangesQuestion{
			After: r.pass.place, Limit: r.pass.rows, Purpose: r.Purpose, Now: at,
		})
		return err
	})
	if err == nil {
		err = r.pass.check(page.Rows)
	}
	r.asked(ModeIncremental, err, len(page.Rows))
	return page, at, err
}
