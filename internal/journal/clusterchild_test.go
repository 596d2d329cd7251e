package journal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The environment tells a child of role node who it is: its number, and the addresses of all nodes.
const (
	childNode  = "JOURNAL_TEST_NODE"
	childPeers = "JOURNAL_TEST_PEERS"

	nodePartitions = 4
	nodeKeys       = 60
	nodePuts       = 4 // callers at once
	nodeAhead      = 8 // entries that a reader takes up behind the one that it holds
)

// clusterChild is the work of one node: it puts into the ledger in a race with the others, reads every partition with the cursor
// that all share, appends to its own log and marks nonces. Each line is written after the acknowledgement, by one call.
type clusterChild struct {
	journal *Journal
	ledger  *Ledger
	log     *Log
	nonces  *Nonces
	stop    context.Context
	work    sync.WaitGroup
}

// runNode works until its input says "rest", prints all that is stored when it says "dump", and ends with its input.
func runNode(dir string) int {
	if err := workAsNode(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func workAsNode(dir string) error {
	node, err := strconv.Atoi(os.Getenv(childNode))
	if err != nil {
		return err
	}
	ctx := context.Background()
	j, err := Open(ctx, clusterConfig(dir, node, strings.Fields(os.Getenv(childPeers))), discard())
	if err != nil {
		return err
	}
	stop, cancel := context.WithCancel(ctx)
	defer cancel()
	n := &clusterChild{journal: j, stop: stop}
	if err := n.start(ctx); err != nil {
		return err
	}
	for j.Ready(ctx) != nil { // until then the others must stay
		pause(ctx, 2*retryPause)
	}
	fmt.Println("ready")
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		if input.Text() == "dump" {
			if err := n.dump(ctx); err != nil {
				return err
			}
			continue
		}
		cancel()
		n.work.Wait()
		fmt.Println("rests")
	}
	return j.Close(ctx)
}

func (n *clusterChild) start(ctx context.Context) (err error) {
	if n.ledger, err = n.journal.Ledger(ctx, LedgerConfig{Name: "licences", Partitions: nodePartitions}); err != nil {
		return err
	}
	if n.log, err = n.journal.Log(ctx, LogConfig{Name: "records-" + n.journal.Node()}); err != nil {
		return err
	}
	if n.nonces, err = n.journal.Nonces(ctx, time.Now); err != nil {
		return err
	}
	for range nodePuts {
		n.forEver(n.put)
	}
	for partition := range nodePartitions {
		c, err := n.ledger.Cursor(ctx, CursorConfig{Name: "wechat", Partition: partition})
		if err != nil {
			return err
		}
		n.forEver(func(ctx context.Context, i int) error { return n.read(ctx, c, i%4 != 0) })
	}
	n.forEver(n.append)
	n.forEver(n.mark)
	return nil
}

// forEver repeats do. What may happen when nodes die is a matter of the next try.
func (n *clusterChild) forEver(do func(ctx context.Context, i int) error) {
	n.work.Go(func() {
		for i := 0; n.stop.Err() == nil; i++ {
			err := do(n.stop, i)
			if err != nil && !errors.Is(err, ErrConflict) && n.stop.Err() == nil {
				fmt.Fprintf(os.Stdout, "trouble %v\n", err)
				pause(n.stop, 2*retryPause)
			}
			pause(n.stop, time.Millisecond)
		}
	})
}

func (n *clusterChild) put(ctx context.Context, _ int) error {
	key := fmt.Sprint("key-", rand.IntN(nodeKeys))
	last, err := n.ledger.Last(ctx, key)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	revision, err := n.ledger.Put(ctx, key, []byte(n.journal.Node()), last.Revision)
	if err == nil {
		fmt.Fprintf(os.Stdout, "put %s %d %d\n", key, last.Revision, revision)
	}
	return err
}

// read takes an entry, and if it goes ahead those that follow: it tells of them, then has the cursor pass them, as deliveries do.
func (n *clusterChild) read(ctx context.Context, c *Cursor, ahead bool) error {
	d, err := c.Next(ctx)
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if !ahead {
		n.say("told", d.Entry)
		if err := d.Done(ctx); err != nil {
			return err
		}
		n.say("done", d.Entry)
		return nil
	}
	held := []Entry{d.Entry}
	more, err := c.After(ctx, d.Revision, nodeAhead)
	if held = append(held, more...); err == nil {
		n.say("told", held...)
		err = d.Advance(ctx, held[len(held)-1].Revision)
	}
	if err == nil {
		n.say("done", held...)
	}
	return errors.Join(err, d.Leave(ctx))
}

func (n *clusterChild) say(word string, entries ...Entry) {
	var lines []byte
	for _, e := range entries {
		lines = fmt.Appendf(lines, "%s %d %d\n", word, e.Partition, e.Revision)
	}
	_, _ = os.Stdout.Write(lines) // whoever reads it has gone, and so will this process
}

func (n *clusterChild) append(ctx context.Context, i int) error {
	text := fmt.Sprintf("%d-%d", os.Getpid(), i)
	p, err := n.log.Append(ctx, Record{Data: []byte(text)})
	if err == nil {
		fmt.Fprintf(os.Stdout, "log %s %d %s\n", p.Log, p.Index, text)
	}
	return err
}

// mark uses the same nonces as the other nodes, at about the same time.
func (n *clusterChild) mark(ctx context.Context, _ int) error {
	nonce := fmt.Sprint(time.Now().UnixMilli() / 50)
	fresh, err := n.nonces.Mark(ctx, "key", nonce, time.Now().Add(time.Minute))
	if err == nil && fresh {
		fmt.Fprintf(os.Stdout, "nonce %s\n", nonce)
	}
	return err
}

// dump prints each entry of the ledger and each record of all logs.
func (n *clusterChild) dump(ctx context.Context) error {
	out := bufio.NewWriter(os.Stdout)
	for partition := range nodePartitions {
		err := n.ledger.ScanSince(ctx, partition, 0, func(e Entry) error {
			_, err := fmt.Fprintf(out, "entry %s %d %d\n", e.Key, e.Follows, e.Revision)
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, node := range clusterNodes {
		err := n.journal.ReadLog(ctx, "records-"+node, 0, func(p Position, r Record) error {
			_, err := fmt.Fprintf(out, "record %s %d %s\n", p.Log, p.Index, r.Data)
			return err
		})
		if err != nil {
			return err
		}
	}
	fmt.Fprintln(out, "end")
	return out.Flush()
}
