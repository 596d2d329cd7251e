package journal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
)

// The environment tells the test binary to be a child, in which role and on which folder.
const (
	childRole = "JOURNAL_TEST_ROLE"
	childDir  = "JOURNAL_TEST_DIR"
)

const (
	roleAppend = "append" // appends for ever, prints each acknowledged index and its text
	roleLock   = "lock"   // exits 3 when the folder is locked
	roleCount  = "count"  // appends 50 records one after the other

	roleDiskEnds = "disk-ends" // appends until the disk fails, prints the number of acknowledged records

	rolePut     = "put"     // puts into a ledger for ever, prints each acknowledged entry
	roleRead    = "read"    // reads cursors for ever, prints each entry that is done
	roleAdvance = "advance" // holds cursors' partitions for ever, prints each entry that it has advanced over
	roleFill    = "fill"    // puts filledEntries into a ledger, 64 at a time
	roleNode    = "node"    // works as a node of a cluster until its input ends, see clusterchild_test.go

	exitLocked  = 3
	countedRows = 50
)

// runChild is main of the child process.
func runChild(role, dir string) int {
	if role == roleNode {
		return runNode(dir)
	}
	j, err := Open(context.Background(), Config{Dir: dir}, discard())
	if errors.Is(err, ErrLocked) {
		return exitLocked
	}
	if err == nil {
		err = playRole(role, j)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func playRole(role string, j *Journal) error {
	if role == rolePut || role == roleRead || role == roleAdvance || role == roleFill {
		return errors.Join(playLedgerRole(role, j), j.Close(context.Background()))
	}
	l, err := j.Log(context.Background(), LogConfig{Name: "records"})
	switch {
	case err != nil || role == roleLock:
	case role == roleAppend:
		err = appendForEver(l)
	case role == roleDiskEnds:
		err = appendUntilDiskEnds(l, j)
	case role == roleCount:
		for i := 0; i < countedRows && err == nil; i++ {
			_, err = l.Append(context.Background(), Record{Data: []byte("counted")})
		}
	}
	return errors.Join(err, j.Close(context.Background()))
}

// appendForEver returns only on an error: the parent kills the process. A line is written only after the
// acknowledgement, by one write call, so the parent never reads half a promise as a whole one.
func appendForEver(l *Log) error {
	var wg sync.WaitGroup
	failures := make(chan error, 64)
	head := l.Head()
	for caller := range 64 {
		wg.Go(func() {
			for n := 0; ; n++ {
				text := fmt.Sprintf("start-%d-caller-%d-record-%d", head, caller, n)
				p, err := l.Append(context.Background(), Record{Data: []byte(text)})
				if err != nil {
					failures <- err
					return
				}
				fmt.Fprintf(os.Stdout, "%d %s\n", p.Index, text)
			}
		})
	}
	wg.Wait()
	return <-failures
}

func child(t *testing.T, role, dir string, wrapper ...string) *exec.Cmd {
	t.Helper()
	args := append(wrapper, os.Args[0])
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Env = append(os.Environ(), childRole+"="+role, childDir+"="+dir)
	return cmd
}

// killAfter starts a child that appends and kills it once it has acknowledged n records. It returns every record that the
// child had acknowledged by then.
func killAfter(t *testing.T, dir string, n int) (acknowledged map[uint64]string) {
	t.Helper()
	acknowledged = make(map[uint64]string)
	for _, line := range killAtWork(t, roleAppend, dir, n) {
		var index uint64
		var text string
		if _, err := fmt.Sscanf(line, "%d %s\n", &index, &text); err != nil {
			t.Fatalf("child printed %q: %v", line, err)
		}
		acknowledged[index] = text
	}
	if len(acknowledged) < n {
		t.Fatalf("%d records were acknowledged, some twice", len(acknowledged))
	}
	return acknowledged
}

// killAtWork starts a child in this role and kills it once it has printed n lines. It returns every whole line that the
// child had printed by then.
func killAtWork(t *testing.T, role, dir string, n int) (printed []string) {
	t.Helper()
	cmd := child(t, role, dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if printed = append(printed, line); len(printed) == n {
			_ = cmd.Process.Kill()
		}
	}
	if err := cmd.Wait(); err == nil || len(printed) < n {
		t.Fatalf("the child was not killed at work: %v after %d lines", err, len(printed))
	}
	return printed
}
