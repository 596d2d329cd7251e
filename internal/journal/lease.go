package journal

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// sharedLease is how long the engine waits for a word about an entry in a cluster before another node gets it. The node that
// holds the entry renews it by itself as long as the reader may hold it, so a node that dies holds nothing up for longer.
const sharedLease = 3 * time.Second

// lease is the time that the engine is told.
func (j *Journal) lease(hold time.Duration) time.Duration {
	if j.cfg.shared() {
		return min(hold, sharedLease)
	}
	return hold
}

// keep renews the lease until the entry is done, given back, or held as long as the reader may.
func (d *Delivery) keep() {
	if d.cursor.lease < d.cursor.cfg.AckWait {
		go d.renewing()
	}
}

func (d *Delivery) renewing() {
	pace := time.NewTicker(d.cursor.lease / 3)
	defer pace.Stop()
	for {
		select {
		case <-d.ended:
			return
		case <-d.cursor.ledger.closing:
			return
		case <-pace.C:
			if !d.renew() {
				return
			}
		}
	}
}

// renew asks for another lease. A process that was paused finds its lease lapsed, and does not ask: somebody else may have
// the entry.
func (d *Delivery) renew() bool {
	d.mu.Lock()
	now, held, limit := time.Now(), d.held, d.limit
	d.mu.Unlock()
	if now.After(held) || now.After(limit) {
		return false
	}
	ctx, cancel := context.WithDeadline(context.Background(), held)
	defer cancel()
	if d.tell(ctx, verbWorking) == nil { // else the next turn asks again
		d.hold(now.Add(d.cursor.lease), limit)
	}
	return true
}

// releaseHeld gives back what an earlier process held when it ended: the engine would wait for it until AckWait is over. Only
// one process at a time has an embedded journal, so nobody else can hold it. It does so when a cursor is opened for the first
// time; later ones may hold entries. In a cluster the lease is short instead.
func (j *Journal) releaseHeld(conn *nats.Conn, info *jetstream.ConsumerInfo) error {
	if j.cfg.shared() || !j.first(info.Stream+"."+info.Name) || info.NumAckPending == 0 {
		return nil
	}
	last := info.Delivered // one entry is held at most, so it is the last one
	reply := fmt.Sprintf("$JS.ACK.%s.%s.1.%d.%d.%d.0", info.Stream, info.Name, last.Stream, last.Consumer, time.Now().UnixNano())
	if err := conn.Publish(reply, []byte(verbRetry)); err != nil {
		return fmt.Errorf("give back what an earlier process held: %w", err)
	}
	return nil
}

// first tells whether this is the first opening of a cursor by this process.
func (j *Journal) first(cursor string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.released == nil || j.released[cursor] {
		return false
	}
	j.released[cursor] = true
	return true
}
