package journal

import (
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// CursorConfig describes one reader's place in one partition of a ledger.
type CursorConfig struct {
	// Name of the reader: lower-case letters, digits and hyphens, at most 32, for example "wechat". Required.
	Name string

	// Partition of the ledger, from 0.
	Partition int

	// From is where the cursor begins when it does not exist yet. The zero value is the start of the ledger.
	From From

	// AckWait is how long an entry may be held without Done, Retry or Working before somebody else gets it. A reader may
	// count on half of it: it cannot know when exactly the engine's clock started. 0: 30 s. At least 100 ms. It may be
	// changed later.
	AckWait time.Duration
}

// From is a place in a ledger: the zero value, FromNew or FromRevision.
type From struct {
	onlyNew  bool
	revision Revision
}

// FromNew begins with what is written after the cursor was created.
func FromNew() From { return From{onlyNew: true} }

// FromRevision begins with the first entry of the partition at this revision or later.
func FromRevision(revision Revision) From { return From{revision: revision} }

const (
	defaultAckWait  = 30 * time.Second
	shortestAckWait = 100 * time.Millisecond

	// epochKey is where a consumer keeps which one of its name it is.
	epochKey = "zhengqiao.epoch"
)

func (c CursorConfig) withDefaults(partitions int) (CursorConfig, error) {
	if c.AckWait == 0 {
		c.AckWait = defaultAckWait
	}
	switch {
	case c.Partition < 0 || c.Partition >= partitions:
		return c, fmt.Errorf("cursor %s: Partition must be within 0 and %d", c.Name, partitions-1)
	case c.AckWait < shortestAckWait:
		return c, fmt.Errorf("cursor %s: AckWait must be at least %s", c.Name, shortestAckWait)
	}
	return c, checkName(c.Name)
}

// durable is the consumer's name: the last hyphen separates the partition, as it does in the name of its stream.
func (c CursorConfig) durable() string { return c.Name + "-" + strconv.Itoa(c.Partition) }

// consumer is what a cursor promises, in the engine's words. A cursor that has done something goes on after it, whatever
// From says, should the engine have lost the consumer.
func (c CursorConfig) consumer(n numbering, row done, lease time.Duration) jetstream.ConsumerConfig {
	cfg := jetstream.ConsumerConfig{
		Durable:       c.durable(),
		DeliverPolicy: jetstream.DeliverAllPolicy,
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       lease,
		MaxDeliver:    -1, // giving up is a decision of the domain
		MaxAckPending: 1,  // one at a time, over all nodes: this is what keeps the order, retries included
		Metadata:      map[string]string{epochKey: strconv.FormatUint(row.epoch, 10)},
	}
	switch {
	case row.upTo > 0:
		cfg.DeliverPolicy, cfg.OptStartSeq = jetstream.DeliverByStartSequencePolicy, n.after(row.upTo)
	case c.From.onlyNew:
		cfg.DeliverPolicy = jetstream.DeliverNewPolicy
	case c.From.revision > 0:
		cfg.DeliverPolicy, cfg.OptStartSeq = jetstream.DeliverByStartSequencePolicy, n.after(c.From.revision-1)
	}
	return cfg
}
