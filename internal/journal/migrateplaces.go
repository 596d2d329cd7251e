package journal

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// place is where a cursor of the source stands.
type place struct {
	stream string
	info   *jetstream.ConsumerInfo
}

// places reads where every cursor of the source stands.
func (m *Migration) places(ctx context.Context) (all []place, err error) {
	names, err := m.From.streamNames(ctx, ledgerPrefix)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		from, err := m.From.js.Stream(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("open the source: %w", err)
		}
		list := from.ListConsumers(ctx)
		for info := range list.Info() {
			if info.Config.Metadata[epochKey] != "" { // else it is no cursor of ours
				all = append(all, place{name, info})
			}
		}
		if err := list.Err(); err != nil {
			return nil, fmt.Errorf("list cursors of %s: %w", name, err)
		}
	}
	return all, nil
}

// cursors makes every cursor of the source in the target, at its place, and compares what is left to do.
func (m *Migration) cursors(ctx context.Context, places []place) error {
	for _, p := range places {
		to, err := m.To.js.Stream(ctx, p.stream)
		if err != nil {
			return fmt.Errorf("open the target: %w", err)
		}
		if err := m.cursor(ctx, to, p.info); err != nil {
			return fmt.Errorf("cursor %s of %s: %w", p.info.Name, p.stream, err)
		}
	}
	return nil
}

// cursor makes one cursor. Its place is what the engine knows to be done; what is done beyond that is in the states, and the
// cursor recognises it as it does after a crash.
func (m *Migration) cursor(ctx context.Context, to jetstream.Stream, source *jetstream.ConsumerInfo) error {
	want := source.Config
	want.AckWait, want.Replicas = m.To.lease(source.Config.AckWait), 0
	want.DeliverPolicy, want.OptStartSeq = jetstream.DeliverByStartSequencePolicy, source.AckFloor.Stream+1
	if err := m.moveOn(ctx, to, want); err != nil {
		return err
	}
	var made jetstream.Consumer
	err := m.To.settle(ctx, "cursor "+source.Name, func(ctx context.Context) (err error) {
		made, err = openConsumer(ctx, to, want)
		return err
	})
	if err != nil || m.InUse {
		return err
	}
	info, err := made.Info(ctx)
	if err != nil {
		return fmt.Errorf("read the place: %w", err)
	}
	todo := source.NumPending + uint64(source.NumAckPending)
	if info.NumPending+uint64(info.NumAckPending) != todo {
		return fmt.Errorf("%w: the target has %d entries to do, the source %d", ErrCorrupt, info.NumPending, todo)
	}
	return nil
}

// moveOn removes the cursor that an earlier copy left at an earlier place.
func (m *Migration) moveOn(ctx context.Context, to jetstream.Stream, want jetstream.ConsumerConfig) error {
	held, err := to.Consumer(ctx, want.Durable)
	if errors.Is(err, jetstream.ErrConsumerNotFound) || err == nil && held.CachedInfo().Config.OptStartSeq >= want.OptStartSeq {
		return nil
	}
	if err == nil {
		err = to.DeleteConsumer(ctx, want.Durable)
	}
	if err != nil {
		return fmt.Errorf("move on: %w", err)
	}
	return nil
}
