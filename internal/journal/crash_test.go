package journal

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestKillLosesNoAcknowledgedRecord kills a process at work several times on one store. kill -9 proves that nothing waits
// in the process; that nothing waits in the kernel either is TestEachMessageIsSynced.
func TestKillLosesNoAcknowledgedRecord(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := make(map[uint64]string)
	for round, n := range []int{1, 500, 2000, 3000} {
		for index, text := range killAfter(t, dir, n) {
			if _, taken := want[index]; taken {
				t.Fatalf("round %d: index %d was acknowledged twice", round, index)
			}
			want[index] = text
		}
		checkSurvived(t, dir, want)
	}
}

// checkSurvived reopens the store: every acknowledged record is at its index, indexes have no gap, and no record is there
// twice. Records that were stored but not acknowledged may be there too.
func checkSurvived(t *testing.T, dir string, acknowledged map[uint64]string) {
	t.Helper()
	j := open(t, dir)
	defer shut(t, j)
	l := openLog(t, j, LogConfig{})
	var next uint64
	found := 0
	seen := make(map[string]uint64)
	err := l.Scan(testContext(t), 0, func(p Position, r Record) error {
		text := string(r.Data)
		if p.Index != next {
			return fmt.Errorf("index %d after %d", p.Index, next)
		}
		if other, double := seen[text]; double {
			return fmt.Errorf("%q is stored at %d and %d", text, other, p.Index)
		}
		if promised, ok := acknowledged[p.Index]; ok && promised != text {
			return fmt.Errorf("index %d holds %q, acknowledged was %q", p.Index, text, promised)
		} else if ok {
			found++
		}
		seen[text] = p.Index
		next++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found != len(acknowledged) || next != l.Head() {
		t.Fatalf("%d of %d acknowledged records are there; scan ended at %d, head is %d",
			found, len(acknowledged), next, l.Head())
	}
}

func TestFolderOpensOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	if _, err := Open(t.Context(), Config{Dir: dir}, discard()); !errors.Is(err, ErrLocked) {
		t.Errorf("second open in this process: %v", err)
	}
	cmd := child(t, roleLock, dir)
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != exitLocked {
		t.Errorf("open in a second process: %v", err)
	}
	openLog(t, j, LogConfig{})
	if _, err := j.Log(t.Context(), LogConfig{Name: "records"}); !errors.Is(err, ErrLocked) {
		t.Errorf("second writer of a log: %v", err)
	}
	shut(t, j)
	if out, err := child(t, roleLock, dir).CombinedOutput(); err != nil {
		t.Errorf("open after close: %v\n%s", err, out)
	}
}

// TestEachMessageIsSynced counts the system calls of a child: one record after the other must cost one sync each.
func TestEachMessageIsSynced(t *testing.T) {
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed, so system calls cannot be counted")
	}
	if out, err := exec.CommandContext(t.Context(), strace, "-f", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %v\n%s", err, out)
	}
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := child(t, roleCount, t.TempDir(), strace, "-f", "-y", "-e", "trace=fsync,fdatasync", "-o", trace)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("traced child: %v\n%s", err, out)
	}
	if syncs := countSyncs(t, trace, filepath.Join("log-records", "msgs")); syncs < countedRows {
		t.Errorf("%d records were acknowledged after %d syncs of their file", countedRows, syncs)
	}
}

// countSyncs counts the calls of fsync and fdatasync on files whose path contains part. strace -y prints the path beside
// the file descriptor; an interrupted call is printed in two lines, of which only the first has it.
func countSyncs(t *testing.T, trace, part string) (n int) {
	t.Helper()
	data, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if strings.Contains(line, part) && (strings.Contains(line, "fsync(") || strings.Contains(line, "fdatasync(")) {
			n++
		}
	}
	return n
}
