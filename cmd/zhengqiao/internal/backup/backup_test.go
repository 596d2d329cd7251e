package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func settings() Settings {
	return Settings{Program: "test", Clock: func() time.Time { return time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC) }, Logger: slog.New(slog.DiscardHandler)}
}

func openAt(t *testing.T, dir string) *journal.Journal {
	t.Helper()
	j, err := journal.Open(t.Context(), journal.Config{Dir: dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = shut(j) })
	return j
}

// filled is a journal with some records.
func filled(t *testing.T, records int) (*journal.Journal, *journal.Log) {
	t.Helper()
	j := openAt(t, t.TempDir())
	log, err := j.Log(t.Context(), journal.LogConfig{Name: "records"})
	if err != nil {
		t.Fatal(err)
	}
	add(t, log, records)
	return j, log
}

func add(t *testing.T, log *journal.Log, records int) {
	t.Helper()
	for range records {
		if _, err := log.Append(t.Context(), journal.Record{Data: fmt.Append(nil, "record ", log.Head())}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestBackUpTwiceAndRestore keeps a backup of a journal that stays open, brings it up to date, and gets everything back.
func TestBackUpTwiceAndRestore(t *testing.T) {
	t.Parallel()
	source, log := filled(t, 20)
	dir := filepath.Join(t.TempDir(), "backup")
	for range 2 {
		if m, err := Copy(t.Context(), source, dir, settings()); err != nil || !m.Complete || m.Report.Logs != 1 {
			t.Fatalf("%+v, %v", m, err)
		}
		add(t, log, 5)
	}
	target := openAt(t, t.TempDir())
	m, err := Restore(t.Context(), dir, target, settings())
	if err != nil || m.Program != "test" {
		t.Fatalf("%+v, %v", m, err)
	}
	reader, err := target.LogReader(t.Context(), "records")
	if err != nil || reader.Head() != 25 {
		t.Fatalf("head %d, %v", reader.Head(), err)
	}
	if last, err := reader.Get(t.Context(), 24); err != nil || string(last.Data) != "record 24" {
		t.Errorf("%q, %v", last.Data, err)
	}
}

func TestWhatIsNotRestored(t *testing.T) {
	t.Parallel()
	source, _ := filled(t, 3)
	whole := t.TempDir()
	if _, err := Copy(t.Context(), source, whole, settings()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Manifest){
		"interrupted":    func(m *Manifest) { m.Complete = false },
		"of the future":  func(m *Manifest) { m.Version = 2 },
		"another amount": func(m *Manifest) { m.Report.Messages++ },
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Read(whole)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := os.CopyFS(filepath.Join(dir, journalDir), os.DirFS(filepath.Join(whole, journalDir))); err != nil {
				t.Fatal(err)
			}
			if spoil(&m); m.write(dir) != nil {
				t.Fatal("write")
			}
			if _, err := Restore(t.Context(), dir, openAt(t, t.TempDir()), settings()); !errors.Is(err, ErrNoBackup) {
				t.Error(err)
			}
		})
	}
	if _, err := Restore(t.Context(), t.TempDir(), source, settings()); !errors.Is(err, ErrNoBackup) {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := Restore(t.Context(), whole, source, settings()); !errors.Is(err, journal.ErrNotEmpty) {
		t.Errorf("into a journal in use: %v", err)
	}
}

func TestFoldersThatAreNoBackups(t *testing.T) {
	t.Parallel()
	source, _ := filled(t, 1)
	other, _ := filled(t, 1)
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "letters.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Copy(t.Context(), source, foreign, settings()); err == nil {
		t.Error("a folder with something else in it")
	}
	dir := t.TempDir()
	if _, err := Copy(t.Context(), source, dir, settings()); err != nil {
		t.Fatal(err)
	}
	if _, err := Copy(t.Context(), other, dir, settings()); !errors.Is(err, journal.ErrNotEmpty) {
		t.Errorf("the backup of another journal: %v", err)
	}
	if m, err := Read(dir); err != nil || !m.Complete {
		t.Errorf("after another journal was refused: %+v, %v", m, err)
	}
	damaged := t.TempDir()
	if err := os.WriteFile(filepath.Join(damaged, manifestFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Copy(t.Context(), source, damaged, settings()); !errors.Is(err, ErrNoBackup) {
		t.Errorf("over a damaged manifest: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	s := settings()
	s.Progress = func(journal.MigrationStep) { cancel() }
	if _, err := Copy(ended, source, dir, s); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if m, err := Read(dir); err != nil || m.Complete {
		t.Errorf("after a copy that was interrupted: %+v, %v", m, err)
	}
}

func FuzzManifest(f *testing.F) {
	whole, _ := json.Marshal(Manifest{Version: manifestVersion, Complete: true})
	f.Add(whole)
	f.Add([]byte(`{"version":1,"report":{"Logs":-1}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := decode(data); err != nil && !errors.Is(err, ErrNoBackup) || err == nil && m.Version != manifestVersion {
			t.Fatal(m, err)
		}
	})
}
