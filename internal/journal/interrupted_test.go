package journal

import (
	"os"
	"path/filepath"
	"testing"
)

// sums are the files that the engine writes last when it creates or changes a stream or a consumer. A process that is
// killed right before leaves them out, or leaves the old ones.
func sums(t *testing.T, dir string) (files []string) {
	t.Helper()
	for _, pattern := range []string{"jetstream/*/streams/*/meta.sum", "jetstream/*/streams/*/obs/*/meta.sum"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

// TestInterruptedCreationIsFinished takes the state after a kill in the middle of each creation, with data already there:
// nothing is lost, what is done stays done, and the damage is repaired for good.
func TestInterruptedCreationIsFinished(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(file string) error{
		"missing": os.Remove,
		"old":     func(file string) error { return os.WriteFile(file, []byte("0123456789abcdef"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			j := open(t, dir)
			l := openLedger(t, j, LedgerConfig{Partitions: 1})
			first := put(t, l, "a", "one", 0)
			second := put(t, l, "a", "two", first)
			finish(t, next(t, openCursor(t, l, CursorConfig{}), first, 1))
			want := appendAll(t, openLog(t, j, LogConfig{}), 1, 5)
			mark, err := openState(t, j, StateConfig{Name: "watermarks"}).Put(t.Context(), "zj", []byte("10"), 0)
			if err != nil {
				t.Fatal(err)
			}
			shut(t, j)
			files := sums(t, dir)
			if len(files) != 6 { // probe, ledger, its cursor, the cursor's progress, log, state
				t.Errorf("%d settings are stored: %v", len(files), files)
			}
			for _, file := range files {
				if err := damage(file); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 { // the second time shows that the first has left everything whole
				j = open(t, dir)
				checkAll(t, openLog(t, j, LogConfig{}), want)
				v, err := openState(t, j, StateConfig{Name: "watermarks"}).Get(t.Context(), "zj")
				if err != nil || string(v.Data) != "10" || v.Revision != mark {
					t.Errorf("state: %q at %d, %v", v.Data, v.Revision, err)
				}
				l = openLedger(t, j, LedgerConfig{Partitions: 1})
				if last, err := l.Last(t.Context(), "a"); err != nil || last.Revision != second {
					t.Errorf("ledger: %+v, %v", last, err)
				}
				c := openCursor(t, l, CursorConfig{From: FromNew()})
				if b, err := c.Pending(t.Context()); err != nil || b.Entries != 1 {
					t.Errorf("cursor: %+v, %v", b, err)
				}
				shut(t, j)
			}
			if left := sums(t, dir); len(left) != len(files) {
				t.Errorf("%d of %d settings are whole", len(left), len(files))
			}
			l = openLedger(t, open(t, dir), LedgerConfig{Partitions: 1})
			finish(t, next(t, openCursor(t, l, CursorConfig{}), second, 1))
		})
	}
}
