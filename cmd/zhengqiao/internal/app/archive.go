package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// Archive reads the records of a gateway that is stopped, or of a cold copy of its journal. It writes none.
type Archive struct {
	*evidence.Records
	Callers *keys.Ring // the platforms' public keys, those that have ended included

	journal *journal.Journal
	log     *journal.Log
}

// OpenArchive opens the configured journal for reading. The journal has one user at a time: while a gateway runs on it the error is
// [journal.ErrLocked].
func OpenArchive(ctx context.Context, c *config.Config) (*Archive, error) {
	if _, err := os.Stat(c.Journal.Dir); err != nil {
		return nil, c.At("$.journal.dir", err) // opening would make the folder
	}
	t := &trust{platforms: platforms{}}
	records, err := t.openPlatforms(c)
	if err != nil {
		return nil, err
	}
	a := &Archive{}
	if a.Callers, err = keys.NewRing(records...); err != nil {
		return nil, err
	}
	return a, a.open(ctx, c)
}

func (a *Archive) open(ctx context.Context, c *config.Config) error {
	vault, _, err := openVault(c)
	if err != nil {
		return err
	}
	a.journal, err = journal.Open(ctx, journal.Config{Dir: c.Journal.Dir, MaxBytes: c.Journal.MaxBytes}, slog.New(slog.DiscardHandler))
	if errors.Is(err, journal.ErrLocked) {
		return fmt.Errorf("%w; a gateway runs on it: stop it first, or point journal.dir at a cold copy", err)
	}
	if err != nil {
		return err
	}
	if a.log, err = a.journal.Log(ctx, journal.LogConfig{Name: recordsLog}); err != nil {
		return errors.Join(err, a.Close())
	}
	a.Records = evidence.NewRecords(a.log, vault, time.Now)
	return nil
}

// Head gives the index that the next record would get.
func (a *Archive) Head() uint64 { return a.log.Head() }

// Each gives the records from an index on, in order, until visit returns an error; with it the digest of the stored bytes.
func (a *Archive) Each(ctx context.Context, from uint64, visit func(index uint64, digest string, entry *evidence.Entry) error) error {
	return a.log.Scan(ctx, from, func(position journal.Position, stored journal.Record) error {
		entry, err := evidence.DecodeEntry(stored.Data)
		if err != nil {
			return fmt.Errorf("record %d: %w", position.Index, err)
		}
		return visit(position.Index, evidence.DigestHex(stored.Data), &entry)
	})
}

// Close gives the journal free.
func (a *Archive) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), journalTime)
	defer cancel()
	return a.journal.Close(ctx)
}
