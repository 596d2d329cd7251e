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

// Archive reads the records of a gateway that is stopped, or of a cold copy of its journal; of a cluster, while it runs. It writes
// none.
type Archive struct {
	*evidence.Records
	Callers *keys.Ring // the platforms' public keys, those that have ended included

	journal *journal.Journal
	log     storedLog
}

// storedLog is a log to read; [journal.LogReader] is one.
type storedLog interface {
	Head() uint64
	Get(ctx context.Context, index uint64) (journal.Record, error)
	Scan(ctx context.Context, from uint64, visit func(journal.Position, journal.Record) error) error
}

// OpenArchive opens the configured journal for reading a log, by default the one that the configured gateway writes. A journal of
// one node has one user at a time: while a gateway runs on it the error is [journal.ErrLocked]. A cluster must be running.
func OpenArchive(ctx context.Context, c *config.Config, log string) (*Archive, error) {
	if log == "" {
		log = recordsLog(c)
	}
	if _, err := os.Stat(c.Journal.Dir); err != nil && c.Journal.Node() == "" {
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
	return a, a.open(ctx, c, log)
}

func (a *Archive) open(ctx context.Context, c *config.Config, log string) error {
	vault, _, err := openVault(c)
	if err != nil {
		return err
	}
	a.journal, err = OpenForReading(ctx, c, slog.New(slog.DiscardHandler))
	if errors.Is(err, journal.ErrLocked) {
		return fmt.Errorf("%w; a gateway runs on it: stop it first, or point journal.dir at a cold copy", err)
	}
	if err != nil {
		return err
	}
	reader, err := a.reader(ctx, log)
	if err != nil {
		return errors.Join(err, a.Close())
	}
	a.log = reader
	a.Records = evidence.NewRecords(readOnly{reader}, vault, time.Now)
	return nil
}

// archiveTime bounds the search for a log: a cluster that is not running gives no answer.
const archiveTime = 30 * time.Second

func (a *Archive) reader(ctx context.Context, log string) (*journal.LogReader, error) {
	ctx, cancel := context.WithTimeout(ctx, archiveTime)
	defer cancel()
	reader, err := a.journal.LogReader(ctx, log)
	if !errors.Is(err, journal.ErrNotFound) {
		return reader, err
	}
	logs, listErr := a.journal.Logs(ctx)
	return nil, errors.Join(fmt.Errorf("%w; the journal has the logs %v", err, logs), listErr)
}

// readOnly is a log that takes nothing.
type readOnly struct{ storedLog }

// Append refuses.
func (readOnly) Append(context.Context, journal.Record) (journal.Position, error) {
	return journal.Position{}, errors.New("an archive is only read")
}

// Trail reads all records of the journal, also those of other nodes.
func (a *Archive) Trail() *Trail { return &Trail{a.journal} }

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
