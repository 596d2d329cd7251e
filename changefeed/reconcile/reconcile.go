package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Book reads what is known of licences; [changefeed.Book] is one.
type Book interface {
	Last(ctx context.Context, licence string) (changefeed.Known, error)
	Read(ctx context.Context, revision journal.Revision) (changefeed.Known, error)
	Open(entry *journal.Entry) (changefeed.Known, error)
}

// Ledger visits the newest entry of each licence; [journal.Ledger] is one.
type Ledger interface {
	Scan(ctx context.Context, visit func(journal.Entry) error) error
	Partition(licence string) int
}

// Feed knows what a platform is to be told, and what is on its way; [changefeed.Dispatcher] is one.
type Feed interface {
	Compose(ctx context.Context, platform string, known *changefeed.Known) (changefeed.Composed, error)
	Backlog(ctx context.Context, platform string, partition int) (journal.Backlog, error)
}

// Holder is a platform that can say what it holds.
type Holder struct {
	Holdings exchange.ChangeHolder
	Purpose  exchange.Purpose // why it is asked; the operator's id goes into it
}

// Config is what a [Reconciler] works with. All members but MaxHeld must be set.
type Config struct {
	Book    Book
	Ledger  Ledger
	Feed    Feed
	Holders func(platform string) (Holder, bool) // false: it is not there, or can't say what it holds
	Clock   func() time.Time
	MaxHeld int // holdings that a platform may list; 0: 20 million, which is more than any province has drivers
}

// Reconciler compares platforms with what is known. It is safe for concurrent use.
type Reconciler struct{ cfg Config }

const defaultMaxHeld = 20_000_000

// New makes a reconciler.
func New(cfg Config) *Reconciler {
	if cfg.MaxHeld <= 0 {
		cfg.MaxHeld = defaultMaxHeld
	}
	return &Reconciler{cfg}
}

// Can reports whether a platform is there and can say what it holds.
func (r *Reconciler) Can(platform string) bool {
	_, can := r.cfg.Holders(platform)
	return can
}

// Progress says how far a comparison has come.
type Progress struct {
	Held     int // holdings that were read
	Compared int // licences that were compared with them
	Suspects int // licences that do not agree at first sight
	Checked  int // suspects that were looked at again
}

// Compare compares, for an operator whose id goes to the platform. show, if not nil, is told of the progress now and then, from the caller's goroutine. Errors: OperationNotOffered
// for a platform that can't say what it holds, those of a source, PolicyUnavailable, the journal's.
func (r *Reconciler) Compare(ctx context.Context, platform, operator string, show func(Progress)) (*Report, error) {
	holder, can := r.cfg.Holders(platform)
	if !can {
		return nil, exchange.Errorf(exchange.OperationNotOffered, "%s can't say what it holds", platform)
	}
	holder.Purpose.Operator = operator
	c := &comparison{
		Reconciler: r, platform: platform, holder: holder, show: show,
		report: &Report{Platform: platform, Began: r.cfg.Clock().UTC(), Findings: map[Kind]Finding{}, Aspects: map[exchange.Aspect]int{}},
	}
	if err := c.run(ctx); err != nil {
		return nil, fmt.Errorf("compare %s: %w", platform, err)
	}
	c.report.Ended = r.cfg.Clock().UTC()
	return c.report, nil
}

// comparison is one run.
type comparison struct {
	*Reconciler
	platform string
	holder   Holder
	show     func(Progress)
	report   *Report
	progress Progress
	held     index
	suspects packed
}

func (c *comparison) run(ctx context.Context) error {
	if err := c.ask(ctx); err != nil {
		return err
	}
	if err := c.cfg.Ledger.Scan(ctx, func(entry journal.Entry) error { return c.glance(ctx, &entry) }); err != nil {
		return err
	}
	c.held.strangers(func(k key) { c.suspects = append(c.suspects, k) })
	c.report.Held, c.held = c.held.count, index{}
	c.suspects.sort()
	c.progress.Suspects = len(c.suspects)
	return c.lookAgain(ctx)
}

// ask reads everything that the platform holds.
func (c *comparison) ask(ctx context.Context) error {
	for after := ""; ; {
		page, err := c.holder.Holdings.Held(ctx, c.holder.Purpose, after)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := c.held.add(page, after); err != nil {
			return err
		}
		if c.held.count > c.cfg.MaxHeld {
			return exchange.Errorf(exchange.SourceInvalid, "the platform lists more than %d holdings", c.cfg.MaxHeld)
		}
		after = page[len(page)-1].Licence
		c.progress.Held = c.held.count
		c.tell()
	}
}

// tellEvery is how many licences go by between two words on the progress.
const tellEvery = 1000

func (c *comparison) tell() {
	if c.show != nil {
		c.show(c.progress)
	}
}

// glance holds one entry against what the platform held when it was asked. What agrees is done; the rest is a suspect.
func (c *comparison) glance(ctx context.Context, entry *journal.Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.report.Known++
	if c.progress.Compared++; c.progress.Compared%tellEvery == 0 {
		c.tell()
	}
	k := pack(entry.Key)
	held := c.held.find(k)
	if held != nil {
		held.known = true
	}
	known, err := c.cfg.Book.Open(entry)
	if errors.Is(err, changefeed.ErrUnreadable) {
		c.report.Unclear++
		return nil
	}
	if err != nil {
		return err
	}
	v, err := c.judge(ctx, &known, holdingOf(held))
	switch {
	case err != nil:
		return err
	case v.kind == agrees:
		c.report.Agreeing++
	case v.kind == unclear:
		c.report.Unclear++
	default:
		c.suspects = append(c.suspects, k)
	}
	return nil
}
