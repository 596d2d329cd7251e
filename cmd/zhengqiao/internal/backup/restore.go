package backup

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Restore copies the backup in dir into an empty journal and compares both, message by message. The backup is not changed. After an
// interruption it may be run again into the same journal.
//
// Errors: ErrNoBackup for a folder without one, for one that is not complete, and when it holds something else than its manifest says;
// [journal.ErrNotEmpty] when the journal was used.
func Restore(ctx context.Context, dir string, to *journal.Journal, s Settings) (m Manifest, err error) {
	if m, err = Read(dir); err != nil {
		return m, err
	}
	if !m.Complete {
		return m, fmt.Errorf("%w: the last copy into %s did not come to its end; run `zhengqiao backup` again, or take an older one", ErrNoBackup, dir)
	}
	from, err := journal.Open(ctx, journal.Config{Dir: filepath.Join(dir, journalDir)}, s.Logger)
	if err != nil {
		return m, fmt.Errorf("open the backup: %w", err)
	}
	defer func() { err = errors.Join(err, shut(from)) }()
	report, err := (&journal.Migration{From: from, To: to, Progress: s.Progress}).Run(ctx)
	if err == nil && report != m.Report {
		err = fmt.Errorf("%w: it holds %+v, its manifest says %+v", ErrNoBackup, report, m.Report)
	}
	return m, err
}
