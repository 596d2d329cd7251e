package journal

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go/jetstream"
)

// openConsumer finds or creates the consumer and makes it whole. One of an earlier epoch is what a deletion that was
// interrupted has left. Of an existing one only the time that an entry may be held is changed.
func openConsumer(ctx context.Context, s jetstream.Stream, want jetstream.ConsumerConfig) (jetstream.Consumer, error) {
	c, err := findConsumer(ctx, s, want)
	if err != nil {
		return nil, fmt.Errorf("open consumer: %w", translate(err))
	}
	cfg := c.CachedInfo().Config
	if err := checkConsumer(cfg, want); err != nil {
		return nil, err
	}
	metadata, missing := marked(cfg.Metadata)
	if !missing && cfg.AckWait == want.AckWait {
		return c, nil
	}
	cfg.Metadata, cfg.AckWait = metadata, want.AckWait
	if c, err = s.UpdateConsumer(ctx, cfg); err != nil {
		return nil, fmt.Errorf("update consumer: %w", translate(err))
	}
	return c, nil
}

func findConsumer(ctx context.Context, s jetstream.Stream, want jetstream.ConsumerConfig) (jetstream.Consumer, error) {
	c, err := s.Consumer(ctx, want.Durable)
	if err == nil && outlived(c.CachedInfo().Config, want) {
		if err := s.DeleteConsumer(ctx, want.Durable); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return nil, err
		}
		c, err = createConsumer(ctx, s, want)
	}
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		c, err = createConsumer(ctx, s, want)
	}
	return c, err
}

func createConsumer(ctx context.Context, s jetstream.Stream, want jetstream.ConsumerConfig) (jetstream.Consumer, error) {
	if s.CachedInfo().Config.Replicas > 1 {
		want.Metadata, _ = marked(want.Metadata)
	}
	c, err := s.CreateConsumer(ctx, want)
	if errors.Is(err, jetstream.ErrConsumerExists) { // another node was first
		return s.Consumer(ctx, want.Durable)
	}
	return c, err
}

// outlived tells whether the consumer belongs to an earlier epoch.
func outlived(got, want jetstream.ConsumerConfig) bool {
	theirs, err := strconv.ParseUint(got.Metadata[epochKey], 10, 64)
	ours, bad := strconv.ParseUint(want.Metadata[epochKey], 10, 64)
	return err == nil && bad == nil && theirs < ours
}

// checkConsumer compares a consumer with what a cursor promises.
func checkConsumer(got, want jetstream.ConsumerConfig) error {
	return weakest("cursor "+want.Durable, []finding{
		{got.AckPolicy == want.AckPolicy, "acknowledgement is " + got.AckPolicy.String()},
		{got.MaxAckPending == want.MaxAckPending, fmt.Sprintf("%d entries may be held at once", got.MaxAckPending)},
		{got.MaxDeliver == want.MaxDeliver, fmt.Sprintf("it gives up after %d attempts", got.MaxDeliver)},
		{got.FilterSubject == want.FilterSubject, "it reads another part of the ledger"},
		{!got.MemoryStorage, "it is kept in memory"},
		{got.InactiveThreshold == 0, "it ends when nobody reads"},
		{len(got.BackOff) == 0, "it has a schedule of its own"},
		{got.Metadata[epochKey] == want.Metadata[epochKey], "it was made by something else"},
	})
}
