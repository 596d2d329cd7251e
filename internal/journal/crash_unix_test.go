//go:build unix

package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"
)

// fileLimit is where the disk of the limited child "ends", in bytes.
const fileLimit = 1 << 20

// appendUntilDiskEnds lets no file grow beyond fileLimit, which the engine sees as a failing write, and appends until that
// is noticed. It prints how many records were acknowledged.
func appendUntilDiskEnds(l *Log, j *Journal) error {
	limit := syscall.Rlimit{Cur: fileLimit, Max: fileLimit}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	record := Record{Data: bytes.Repeat([]byte("x"), 64<<10)}
	for {
		_, err := l.Append(context.Background(), record)
		switch {
		case errors.Is(err, ErrFailed):
			<-j.Failed()
			fmt.Println(l.Head())
			return nil
		case err != nil:
			return err
		}
	}
}

// TestFailingDiskIsReportedAndLosesNothing takes the 5 s that an unanswered write is given: on a write error the engine
// does not answer at all.
func TestFailingDiskIsReportedAndLosesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, err := child(t, roleDiskEnds, dir).Output()
	if err != nil {
		t.Fatalf("child: %v", err)
	}
	var acknowledged uint64
	if _, err := fmt.Sscan(string(out), &acknowledged); err != nil || acknowledged == 0 {
		t.Fatalf("child printed %q: %v", out, err)
	}
	l := openLog(t, open(t, dir), LogConfig{})
	if l.Head() < acknowledged {
		t.Errorf("%d records are there, %d were acknowledged", l.Head(), acknowledged)
	}
	if p, err := l.Append(testContext(t), Record{Data: []byte("after")}); err != nil || p.Index < acknowledged {
		t.Errorf("append on a healthy disk: index %d, %v", p.Index, err)
	}
	err = l.Scan(testContext(t), 0, func(_ Position, r Record) error {
		if len(r.Data) != 64<<10 && string(r.Data) != "after" {
			return fmt.Errorf("a record of %d bytes", len(r.Data))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
