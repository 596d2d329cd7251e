//go:build unix

package journal

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// What a cursor may stand still after the loss of a node. Where this process itself is called late, the nodes are too, and an
// election may need a second round.
const (
	goesOnWithin   = 10 * time.Second
	strainedWithin = 40 * time.Second
	strain         = 50 * time.Millisecond
)

// machine tells how late this process is called.
type machine struct {
	mu   sync.Mutex
	late time.Duration
}

// watch measures until the test ends.
func (m *machine) watch(t *testing.T) {
	const pace = 10 * time.Millisecond
	ended := make(chan struct{})
	t.Cleanup(func() { ended <- struct{}{} })
	go func() {
		ticker := time.NewTicker(pace)
		defer ticker.Stop()
		for last := time.Now(); ; {
			select {
			case <-ended:
				return
			case <-ticker.C:
				m.mu.Lock()
				m.late, last = max(m.late, time.Since(last)-pace), time.Now()
				m.mu.Unlock()
			}
		}
	}()
}

// worst returns the longest delay since it was asked last.
func (m *machine) worst() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	late := m.late
	m.late = 0
	return late
}

// trial is a cluster of three real processes and what they were promised.
type trial struct {
	t     *testing.T
	dirs  []string
	peers []string
	nodes []*nodeProcess

	machine machine

	mu      sync.Mutex
	changed *sync.Cond
	wins    map[string]Revision // of the ledger: key and followed revision to the winner
	told    map[Revision]bool   // entries that a reader has told of, before the cursor passed them
	done    map[Revision]int    // how often an entry was done
	nonces  map[string]int      // how often a nonce was good
	records map[string]string   // log and index to the text
	moved   [nodePartitions]time.Time
	puts    int
	trouble map[string]int
}

type nodeProcess struct {
	number int
	cmd    *exec.Cmd
	input  io.WriteCloser
	ready  bool
	puts   int
	rests  bool
	dump   []string
	ended  bool
}

func newTrial(t *testing.T) *trial {
	tr := &trial{t: t, peers: freeAddresses(t, 3), nodes: make([]*nodeProcess, 3), wins: map[string]Revision{},
		told: map[Revision]bool{}, done: map[Revision]int{}, nonces: map[string]int{}, records: map[string]string{}, trouble: map[string]int{}}
	tr.changed = sync.NewCond(&tr.mu)
	for range clusterNodes {
		tr.dirs = append(tr.dirs, t.TempDir())
	}
	t.Cleanup(func() {
		for _, n := range tr.nodes {
			if n != nil {
				_ = n.cmd.Process.Kill()
				_ = n.cmd.Wait()
			}
		}
	})
	return tr
}

func (tr *trial) start(number int) {
	tr.t.Helper()
	cmd := child(tr.t, roleNode, tr.dirs[number])
	cmd.Env = append(cmd.Env, fmt.Sprint(childNode, "=", number), childPeers+"="+strings.Join(tr.peers, " "))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		tr.t.Fatal(err)
	}
	n := &nodeProcess{number: number, cmd: cmd}
	if n.input, err = cmd.StdinPipe(); err != nil {
		tr.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tr.t.Fatal(err)
	}
	tr.nodes[number] = n
	go tr.listen(n, out)
}

func (tr *trial) listen(n *nodeProcess, out io.Reader) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		tr.mu.Lock()
		tr.hear(n, lines.Text())
		tr.changed.Broadcast()
		tr.mu.Unlock()
	}
	tr.mu.Lock()
	defer tr.mu.Unlock()
	n.ended = true
	tr.changed.Broadcast()
}

// hear keeps a promise that a node has made. A kill may cut the last line short: it counts as never made.
func (tr *trial) hear(n *nodeProcess, line string) {
	f := strings.Fields(line)
	switch {
	case len(f) == 0:
	case line == "ready":
		n.ready = true
	case len(f) == 4 && f[0] == "put":
		place := f[1] + " after " + f[2]
		if other, taken := tr.wins[place]; taken {
			tr.t.Errorf("%s: both %d and %s were acknowledged", place, other, f[3])
		}
		tr.wins[place] = revisionOf(f[3])
		n.puts++
		tr.puts++
	case len(f) == 3 && f[0] == "told":
		tr.told[revisionOf(f[2])] = true
	case len(f) == 3 && f[0] == "done":
		tr.done[revisionOf(f[2])]++
		tr.moved[revisionOf(f[1])] = time.Now()
	case len(f) == 4 && f[0] == "log":
		tr.records[f[1]+" "+f[2]] = f[3]
	case len(f) == 2 && f[0] == "nonce":
		if tr.nonces[f[1]]++; tr.nonces[f[1]] > 1 {
			tr.t.Errorf("nonce %s was good twice", f[1])
		}
	case line == "rests":
		n.rests = true
	case f[0] == "trouble":
		tr.trouble[line]++
	case f[0] == "entry" || f[0] == "record" || f[0] == "end":
		n.dump = append(n.dump, line)
	}
}

func revisionOf(text string) (r Revision) {
	_, _ = fmt.Sscan(text, &r) // a line cut short by a kill
	return r
}

// await waits until ok says so, with mu held.
func (tr *trial) await(what string, within time.Duration, ok func() bool) time.Duration {
	tr.t.Helper()
	start := time.Now()
	timer := time.AfterFunc(within, func() {
		tr.mu.Lock()
		defer tr.mu.Unlock()
		tr.changed.Broadcast()
	})
	defer timer.Stop()
	tr.mu.Lock()
	defer tr.mu.Unlock()
	for !ok() {
		if time.Since(start) >= within {
			ages := make([]time.Duration, 0, nodePartitions)
			for _, at := range tr.moved {
				ages = append(ages, time.Since(at).Round(time.Millisecond))
			}
			tr.t.Fatalf("%s: not within %s; partitions moved %v ago, the nodes' trouble: %v", what, within, ages, tr.trouble)
		}
		tr.changed.Wait()
	}
	return time.Since(start)
}

// working tells whether all nodes work and puts are acknowledged on each.
func (tr *trial) working() bool {
	for _, n := range tr.nodes {
		if !n.ready || n.puts == 0 {
			return false
		}
	}
	return true
}

// lose kills or pauses a node in the middle of its work, checks that every partition goes on without it, and brings it back: also
// with an empty disk.
func (tr *trial) lose(number int, signal syscall.Signal, wipe bool) {
	tr.t.Helper()
	n := tr.nodes[number]
	if err := n.cmd.Process.Signal(signal); err != nil {
		tr.t.Fatal(err)
	}
	lost := time.Now().Add(500 * time.Millisecond) // what it had printed before may still be on its way
	tr.machine.worst()
	took := tr.await(fmt.Sprintf("cursors after %s of node %d", signal, number), strainedWithin, func() bool {
		for _, at := range tr.moved {
			if at.Before(lost) {
				return false
			}
		}
		return true
	})
	before := tr.acknowledged()
	put := tr.await("a put afterwards", strainedWithin, func() bool { return tr.puts > before })
	late := tr.machine.worst()
	tr.t.Logf("after %s of node %d every partition went on within %s, puts after %s more; the machine was %s late; disk lost: %t",
		signal, number, took, put, late, wipe)
	if took+put > goesOnWithin && late < strain {
		tr.t.Errorf("want %s", goesOnWithin)
	}
	if signal == syscall.SIGSTOP {
		if err := n.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			tr.t.Fatal(err)
		}
		tr.mu.Lock()
		n.puts = 0
		tr.mu.Unlock()
	} else {
		_ = n.cmd.Wait()
		if wipe {
			if err := os.RemoveAll(tr.dirs[number]); err != nil {
				tr.t.Fatal(err)
			}
		}
		tr.start(number)
	}
	tr.await("all nodes work again", 2*limit, tr.working)
}

func (tr *trial) acknowledged() int {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return tr.puts
}

// TestClusterOutlivesAnyNode loses nodes at arbitrary moments under load. No acknowledged entry or record is lost, no revision
// is followed twice, no nonce is good twice, every cursor goes on soon, and none passes an entry that nobody told of, also where readers hold a
// partition and take up what follows.
func TestClusterOutlivesAnyNode(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)
	tr := newTrial(t)
	for number := range tr.nodes {
		tr.start(number)
	}
	tr.machine.watch(t)
	tr.await("a cluster", 2*limit, tr.working)
	losses := []struct {
		signal syscall.Signal
		wipe   bool
	}{{syscall.SIGKILL, false}, {syscall.SIGSTOP, false}, {syscall.SIGKILL, true}}
	random.Shuffle(len(losses), func(i, j int) { losses[i], losses[j] = losses[j], losses[i] })
	for _, loss := range losses {
		moment := tr.acknowledged() + 50 + random.IntN(200)
		tr.await("work", limit, func() bool { return tr.puts >= moment })
		tr.lose(random.IntN(len(tr.nodes)), loss.signal, loss.wipe)
	}
	tr.check()
}

// tellAll writes a line to every node and waits until each has obeyed.
func (tr *trial) tellAll(word string, obeyed func(*nodeProcess) bool) {
	tr.t.Helper()
	for _, n := range tr.nodes {
		if _, err := io.WriteString(n.input, word+"\n"); err != nil {
			tr.t.Fatal(err)
		}
	}
	for _, n := range tr.nodes {
		tr.await(fmt.Sprintf("%s of node %d", word, n.number), limit, func() bool { return obeyed(n) })
	}
}

// check stops the work and compares what is stored with what was promised.
func (tr *trial) check() {
	t := tr.t
	tr.tellAll("rest", func(n *nodeProcess) bool { return n.rests })
	tr.tellAll("dump", func(n *nodeProcess) bool { return len(n.dump) > 0 && n.dump[len(n.dump)-1] == "end" })
	for _, n := range tr.nodes {
		if err := n.input.Close(); err != nil {
			t.Error(err)
		}
		tr.await("the end of a node", limit, func() bool { return n.ended })
		if err := n.cmd.Wait(); err != nil {
			t.Errorf("node %d: %v", n.number, err)
		}
		tr.nodes[n.number] = nil
		tr.compare(n)
	}
	tr.checkTold()
	doubled := 0
	for _, times := range tr.done {
		doubled += times - 1
	}
	t.Logf("%d puts, %d entries done, %d of them twice, %d records, %d nonces; trouble of the nodes: %v",
		len(tr.wins), len(tr.done), doubled, len(tr.records), len(tr.nonces), tr.trouble)
}

// checkTold looks for entries that a cursor has passed and that nobody told of.
func (tr *trial) checkTold() {
	var passed [nodePartitions]Revision
	for revision := range tr.done {
		partition := (revision - 1) % nodePartitions
		passed[partition] = max(passed[partition], revision)
	}
	for place, revision := range tr.wins {
		if revision <= passed[(revision-1)%nodePartitions] && !tr.told[revision] {
			tr.t.Errorf("%s: revision %d was acknowledged, the cursor is at %d, and nobody told of it", place, revision, passed[(revision-1)%nodePartitions])
		}
	}
}

// compare holds what a node has read against the promises.
func (tr *trial) compare(n *nodeProcess) {
	stored, last := map[string]Revision{}, map[string]Revision{}
	records := map[string]string{}
	for _, line := range n.dump {
		f := strings.Fields(line)
		switch f[0] {
		case "entry":
			follows := revisionOf(f[2])
			if last[f[1]] != follows {
				tr.t.Errorf("node %d: %s: the key was at %d", n.number, line, last[f[1]])
			}
			last[f[1]] = revisionOf(f[3])
			stored[f[1]+" after "+f[2]] = last[f[1]]
		case "record":
			records[f[1]+" "+f[2]] = f[3]
		}
	}
	for place, revision := range tr.wins {
		if stored[place] != revision {
			tr.t.Errorf("node %d: %s: revision %d was acknowledged, %d is stored", n.number, place, revision, stored[place])
		}
	}
	for place, text := range tr.records {
		if records[place] != text {
			tr.t.Errorf("node %d: record %s: %q was acknowledged, %q is stored", n.number, place, text, records[place])
		}
	}
}
