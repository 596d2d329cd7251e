package reconcile

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// held is what a platform has of one licence; version 0: nothing.
type held struct {
	version uint64
	digest  mark
}

func holdingOf(l *line) held {
	if l == nil {
		return held{}
	}
	return held{l.version, l.digest}
}

// verdict is the outcome for one licence.
type verdict struct {
	kind    Kind
	since   time.Time         // since when it is wrong; zero: unknown
	aspects []exchange.Aspect // what is wrong with it, as far as the history tells
}

// Verdicts that are no finding.
const (
	agrees  Kind = "agrees"
	unclear Kind = "unclear"
)

// judge holds what a platform has of a licence against what is known of it.
func (c *comparison) judge(ctx context.Context, known *changefeed.Known, has held) (verdict, error) {
	if has.version > known.State.Version {
		return verdict{kind: Ahead}, nil
	}
	if has.version > 0 {
		newest, kind, err := c.same(ctx, known, has)
		if err != nil || kind == agrees || kind == unclear {
			return verdict{kind: kind}, err
		}
		if len(newest.Fields) == 0 {
			return verdict{kind: Unexpected}, nil
		}
		if has.version == known.State.Version {
			return verdict{kind: Different, since: known.State.Recorded}, nil
		}
	}
	return c.history(ctx, known, has)
}

// same compares digests only: a platform with an older version and the same fields lacks nothing. kind is agrees, unclear or Different.
func (c *comparison) same(ctx context.Context, known *changefeed.Known, has held) (changefeed.Composed, Kind, error) {
	composed, err := c.cfg.Feed.Compose(ctx, c.platform, known)
	if err != nil {
		return composed, "", err
	}
	expected, err := c.holder.Holdings.Expected(composed.Notice)
	switch {
	case err != nil: // the adapter has no word for a value: nothing that the platform did
		return composed, unclear, nil
	case len(composed.Fields) > 0 && markOf(expected.Digest) == has.digest:
		return composed, agrees, nil
	}
	return composed, Different, nil
}

// maxHistory bounds how many entries of one licence are read. A platform that is further behind is simply behind.
const maxHistory = 100

// history goes back from the newest entry to the version that the platform has, and looks for what it was to be told in between.
func (c *comparison) history(ctx context.Context, known *changefeed.Known, has held) (verdict, error) {
	v := verdict{kind: agrees}
	at := *known
	for range maxHistory {
		if at.State.Version <= has.version {
			return c.atVersion(ctx, &at, has, v)
		}
		composed, err := c.cfg.Feed.Compose(ctx, c.platform, &at)
		if err != nil {
			return v, err
		}
		if composed.Due {
			v.owe(&at, composed.Events, has)
		}
		if at.Follows == 0 {
			return v, nil
		}
		at, err = c.cfg.Book.Read(ctx, at.Follows)
		if errors.Is(err, changefeed.ErrUnreadable) {
			return verdict{kind: unclear}, nil
		}
		if err != nil {
			return v, err
		}
	}
	return v, nil
}

// owe notes an entry that the platform was to be told of.
func (v *verdict) owe(at *changefeed.Known, events []exchange.Event, has held) {
	v.kind, v.since = Behind, at.State.Recorded
	if has.version == 0 {
		v.kind = Missing
	}
	for _, event := range events {
		if aspect := event.Kind.Aspect(); aspect != "" && !slices.Contains(v.aspects, aspect) {
			v.aspects = append(v.aspects, aspect)
		}
	}
}

// atVersion is for the version that the platform has: if nothing newer was to be told, the fields must be that version's.
func (c *comparison) atVersion(ctx context.Context, at *changefeed.Known, has held, v verdict) (verdict, error) {
	if v.kind != agrees || has.version == 0 {
		return v, nil
	}
	_, kind, err := c.same(ctx, at, has)
	return verdict{kind: kind, since: at.State.Recorded}, err
}
