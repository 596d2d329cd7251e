package source

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// Publish brings a bundle into force; [publish.Publisher.Publish] does.
type Publish func(ctx context.Context, packed []byte) (publish.Standing, error)

// Poll asks a source at each tick and publishes what is new, until ctx ends. told hears of each attempt. A bundle that was refused for
// what it is is not tried again until the source has another one: a trial run is not for nothing. One that failed for what may pass, such
// as a full disk, is tried at each tick although the source has nothing new; one that ran against a bound [maxTrials] times in all.
func Poll(ctx context.Context, fetcher Fetcher, to Publish, told func(publish.Standing, error), ticks <-chan time.Time) error {
	var newest candidate
	for {
		packed, err := fetcher.Fetch(ctx)
		if err == nil && (newest.packed == nil || !bytes.Equal(packed, newest.packed)) {
			newest = candidate{packed: packed, pending: true}
		}
		switch {
		case err != nil && !errors.Is(err, ErrUnchanged):
			if ctx.Err() == nil {
				told(publish.Standing{}, err)
			}
		case newest.pending:
			standing, err := to(ctx, newest.packed)
			newest.tried(err)
			told(standing, err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticks:
		}
	}
}

// maxTrials is how often a bundle may run against a bound of memory or time: a busy machine is no fault of the bundle's, and one that
// never fits would take a processor for good.
const maxTrials = 3

// candidate is what a source gave last.
type candidate struct {
	packed    []byte
	pending   bool // it may still come into force
	exhausted int  // how often it ran against a bound
}

// tried says how an attempt ended.
func (c *candidate) tried(err error) {
	c.pending = err != nil && slices.Contains([]publish.Code{publish.NotRecorded, publish.Superseded, publish.Ahead}, publish.CodeOf(err))
	if err != nil && publish.CodeOf(err) == publish.Exhausted {
		c.exhausted++
		c.pending = c.exhausted < maxTrials
	}
}
