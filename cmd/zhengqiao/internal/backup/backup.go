package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// closeTime bounds the end of a copy: what is under way to the disk gets there.
const closeTime = 10 * time.Second

// Settings is what copies need.
type Settings struct {
	Program  string // the version that writes
	Clock    func() time.Time
	Logger   *slog.Logger
	Progress func(journal.MigrationStep) // nil: nobody is told
}

// Copy brings the backup in dir up to the source, which may be in use, and compares both. The first time it copies everything, later
// what is new. While it is under way, and after an error, the folder is no backup; to go on, copy again.
//
// Errors: [journal.ErrNotEmpty] when the folder holds the backup of another journal; [journal.ErrLocked] when somebody else uses it.
func Copy(ctx context.Context, source *journal.Journal, dir string, s Settings) (m Manifest, err error) {
	if err := ours(dir); err != nil {
		return m, err
	}
	before, err := Read(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // a damaged one, or of a newer program: for a person to look at
		return m, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return m, err
	}
	m = Manifest{Version: manifestVersion, Program: s.Program, Began: s.Clock().UTC()}
	if err := m.write(dir); err != nil {
		return m, err
	}
	m.Report, err = bringUp(ctx, source, filepath.Join(dir, journalDir), s)
	if errors.Is(err, journal.ErrNotEmpty) && before.Complete { // nothing of it was touched: it stays what it was
		return m, errors.Join(err, before.write(dir))
	}
	if err != nil {
		return m, err
	}
	m.Complete, m.Ended = true, s.Clock().UTC()
	return m, m.write(dir)
}

// bringUp copies what is new, compares, and closes the copy.
func bringUp(ctx context.Context, source *journal.Journal, dir string, s Settings) (report journal.MigrationReport, err error) {
	to, err := journal.Open(ctx, journal.Config{Dir: dir}, s.Logger)
	if err != nil {
		return report, fmt.Errorf("open the backup: %w", err)
	}
	defer func() { err = errors.Join(err, shut(to)) }()
	return (&journal.Migration{From: source, To: to, InUse: true, Progress: s.Progress}).Run(ctx)
}

// ours refuses a folder that holds something else: a journal's, for example, named by mistake.
func ours(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		switch entry.Name() {
		case manifestFile, manifestFile + ".next", journalDir, "lost+found":
		default:
			return fmt.Errorf("%s is no folder of a backup: it holds %s; name a new one", dir, entry.Name())
		}
	}
	return nil
}

func shut(j *journal.Journal) error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	return j.Close(ctx)
}
