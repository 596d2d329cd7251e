package reconcile

import (
	"context"
	"errors"
	"regexp"
	"slices"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

const (
	// batchSize is how many suspects are looked at together, so that they share the platform's pages.
	batchSize = 256
	// rounds is how often a licence is looked at that changes under the look.
	rounds = 3
)

// lookAgain settles the suspects: each is compared with the platform's own answer of this moment, while nothing about it changes.
func (c *comparison) lookAgain(ctx context.Context) error {
	left := c.suspects
	for range rounds {
		var moved packed
		for batch := range slices.Chunk(left, batchSize) {
			more, err := c.settle(ctx, batch)
			if err != nil {
				return err
			}
			moved = append(moved, more...)
			c.progress.Checked += len(batch) - len(more)
			c.tell()
		}
		if left = moved; len(left) == 0 {
			return nil
		}
	}
	c.report.Unsettled = len(left)
	return nil
}

// possible is the form of every key that the ledger takes; a platform may hold others.
var possible = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// look is what is known of one suspect before the platform is asked.
type look struct {
	licence    string
	known      changefeed.Known
	unreadable bool
}

// settle looks at suspects, in order of their keys, and gives those that changed meanwhile. The cursor is asked after the book and
// before the platform: what it has passed then, the platform was told before it answers.
func (c *comparison) settle(ctx context.Context, batch packed) (moved packed, err error) {
	looks := make([]look, len(batch))
	for i, k := range batch {
		if looks[i], err = c.look(ctx, k.String()); err != nil {
			return nil, err
		}
	}
	backlogs, err := c.backlogs(ctx, looks)
	if err != nil {
		return nil, err
	}
	holdings := pages{comparison: c}
	for i, l := range looks {
		has, err := holdings.of(ctx, l.licence)
		if err != nil {
			return nil, err
		}
		now, err := c.look(ctx, l.licence)
		if err != nil {
			return nil, err
		}
		if now.known.Revision != l.known.Revision {
			moved = append(moved, batch[i])
			continue
		}
		if err := c.conclude(ctx, &l, has, backlogs[c.cfg.Ledger.Partition(l.licence)]); err != nil {
			return nil, err
		}
	}
	return moved, nil
}

func (c *comparison) look(ctx context.Context, licence string) (look, error) {
	if !possible.MatchString(licence) {
		return look{licence: licence}, nil
	}
	known, err := c.cfg.Book.Last(ctx, licence)
	if errors.Is(err, changefeed.ErrUnreadable) {
		return look{licence: licence, unreadable: true}, nil
	}
	return look{licence: licence, known: known}, err
}

// backlogs asks for the platform's place in each partition that the batch touches.
func (c *comparison) backlogs(ctx context.Context, looks []look) (map[int]journal.Backlog, error) {
	all := map[int]journal.Backlog{}
	for _, l := range looks {
		partition := c.cfg.Ledger.Partition(l.licence)
		if _, asked := all[partition]; asked {
			continue
		}
		backlog, err := c.cfg.Feed.Backlog(ctx, c.platform, partition)
		if err != nil {
			return nil, err
		}
		all[partition] = backlog
	}
	return all, nil
}

// conclude puts one suspect into the report.
func (c *comparison) conclude(ctx context.Context, l *look, has held, backlog journal.Backlog) error {
	switch {
	case l.unreadable:
		c.report.Unclear++
		return nil
	case l.known.State == nil:
		if has.version > 0 {
			c.report.add(l.licence, verdict{kind: Unexpected})
		}
		return nil
	case backlog.Entries > 0 && !l.known.Stored.Before(backlog.Oldest):
		c.report.Waiting++
		return nil
	}
	v, err := c.judge(ctx, &l.known, has)
	switch {
	case err != nil:
		return err
	case v.kind == agrees:
		c.report.Agreeing++
	case v.kind == unclear:
		c.report.Unclear++
	default:
		c.report.add(l.licence, v)
	}
	return nil
}
