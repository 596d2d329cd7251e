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
// what it is is not tried again until the source has another one: a trial run is not for nothing.
func Poll(ctx context.Context, fetcher Fetcher, to Publish, told func(publish.Standing, error), ticks <-chan time.Time) error {
	var refused []byte
	for {
		packed, err := fetcher.Fetch(ctx)
		if err == nil && !bytes.Equal(packed, refused) {
			var standing publish.Standing
			standing, err = to(ctx, packed)
			refused = packed
			if again(err) {
				refused = nil
			}
			told(standing, err)
		} else if err != nil && !errors.Is(err, ErrUnchanged) && ctx.Err() == nil {
			told(publish.Standing{}, err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticks:
		}
	}
}

// again says whether the same bundle may fare better next time.
func again(err error) bool {
	return err != nil && slices.Contains([]publish.Code{publish.NotRecorded, publish.Superseded, publish.Ahead, publish.Exhausted}, publish.CodeOf(err))
}
