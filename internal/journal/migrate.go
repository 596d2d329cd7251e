package journal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Migration copies everything of a journal into another one: a single node's into a cluster, for example, or one that is in use into a
// backup. Every record keeps its log and index, every entry its revision and what it follows, every state its values, every cursor its
// place. What is not kept: when an entry was stored (it is stored anew), the revisions of states, and what a volatile state or the
// nonces hold.
//
// The parts are copied in an order in which each may be older than the next: places of cursors, states, ledgers, logs. A cursor so never
// claims to have done what a ledger behind it does not hold, and a watermark never lies ahead of what was read up to it. From may
// therefore go on while it is copied, if InUse says so: the copy then holds at least what was there when it began, and what is done
// twice after a return to it has no second effect.
type Migration struct {
	From, To *Journal

	// InUse tells that others write to From meanwhile. Else nobody else may use it, and that nothing is left out is verified.
	InUse bool

	// Progress is told what was copied or verified; nil: nobody.
	Progress func(MigrationStep)
}

// MigrationStep is how far a migration is in one part of the journal.
type MigrationStep struct {
	// Doing is "copy" or "verify".
	Doing string

	// Part is the name of a stream of messages, for example "log-records".
	Part string

	// Done of Total messages.
	Done, Total uint64
}

// MigrationReport counts what both journals hold.
type MigrationReport struct {
	Logs, Partitions, States, Cursors int
	Messages                          uint64 // of logs and partitions; a message of a log holds up to 256 records
}

// ErrNotEmpty: the target of a migration holds something else than an unfinished migration from the same source.
var ErrNotEmpty = errors.New("the target of the migration is not empty")

// markBucket keeps in the target where it came from. No state of a user has an underscore in its name.
const (
	markBucket = "migration_"
	markKey    = "source"
)

// Run copies what is missing in the target and then compares both. After an interruption it may be run again and goes on; after
// an end without error it only compares. It never changes the source.
//
// Errors: ErrNotEmpty; ErrCorrupt when both differ afterwards.
func (m *Migration) Run(ctx context.Context) (MigrationReport, error) {
	report, err := m.run(ctx)
	if err != nil {
		return report, fmt.Errorf("migrate journal: %w", err)
	}
	return report, nil
}

func (m *Migration) run(ctx context.Context) (report MigrationReport, err error) {
	if err := m.claim(ctx); err != nil {
		return report, err
	}
	if err := m.notAhead(ctx); err != nil {
		return report, err
	}
	places, err := m.places(ctx)
	if err != nil {
		return report, err
	}
	if report.States, err = m.states(ctx); err != nil {
		return report, err
	}
	if report.Partitions, err = m.streams(ctx, ledgerPrefix, &report.Messages); err != nil {
		return report, err
	}
	if report.Logs, err = m.streams(ctx, logPrefix, &report.Messages); err != nil {
		return report, err
	}
	report.Cursors = len(places)
	return report, m.cursors(ctx, places)
}

// streams copies the ledgers' partitions or the logs.
func (m *Migration) streams(ctx context.Context, prefix string, messages *uint64) (int, error) {
	names, err := m.From.streamNames(ctx, prefix)
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		count, err := m.stream(ctx, name)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		*messages += count
	}
	return len(names), nil
}

// claim makes sure that the target is empty, or was filled from this source before, and marks it.
func (m *Migration) claim(ctx context.Context) error {
	source, err := m.identity(ctx)
	if err != nil {
		return err
	}
	used, err := m.used(ctx)
	if err != nil {
		return err
	}
	mark, err := m.mark(ctx)
	if err != nil {
		return err
	}
	value, err := mark.Get(ctx, markKey)
	switch {
	case err == nil && string(value.Data) == source:
		return nil
	case err == nil:
		return fmt.Errorf("%w: it was filled from another journal", ErrNotEmpty)
	case !errors.Is(err, ErrNotFound):
		return err
	case used != "":
		return fmt.Errorf("%w: it has %s", ErrNotEmpty, used)
	}
	_, err = mark.Put(ctx, markKey, []byte(source), 0)
	return err
}

// identity tells one journal from another: its probe is made at its first start, by the nanosecond.
func (m *Migration) identity(ctx context.Context) (string, error) {
	probe, err := m.From.js.Stream(ctx, probeName)
	if err != nil {
		return "", fmt.Errorf("look at the source: %w", err)
	}
	return probe.CachedInfo().Created.UTC().Format(time.RFC3339Nano), nil
}

// used names a stream of the target that holds something, "" when there is none.
func (m *Migration) used(ctx context.Context) (string, error) {
	for _, prefix := range []string{logPrefix, ledgerPrefix, bucketPrefix} {
		names, err := m.To.streamNames(ctx, prefix)
		if err != nil {
			return "", err
		}
		for _, name := range names {
			s, err := m.To.js.Stream(ctx, name)
			if err != nil {
				return "", fmt.Errorf("look at %s of the target: %w", name, err)
			}
			if s.CachedInfo().State.LastSeq > 0 && !strings.HasPrefix(name, bucketPrefix+statePrefix+markBucket) {
				return name, nil
			}
		}
	}
	return "", nil
}

// notAhead refuses a target that went on by itself after an earlier copy: its states must not be put back.
func (m *Migration) notAhead(ctx context.Context) error {
	for _, prefix := range []string{logPrefix, ledgerPrefix} {
		names, err := m.To.streamNames(ctx, prefix)
		if err != nil {
			return err
		}
		for _, name := range names {
			to, toErr := m.To.js.Stream(ctx, name)
			from, fromErr := m.From.js.Stream(ctx, name)
			if err := errors.Join(toErr, fromErr); err != nil {
				return fmt.Errorf("look at %s: %w", name, err)
			}
			if to.CachedInfo().State.LastSeq > from.CachedInfo().State.LastSeq {
				return fmt.Errorf("%w: %s has more than the source", ErrNotEmpty, name)
			}
		}
	}
	return nil
}

func (m *Migration) mark(ctx context.Context) (*State, error) {
	var kv jetstream.KeyValue
	err := m.To.settle(ctx, "the mark of the migration", func(ctx context.Context) (err error) {
		kv, err = m.To.openBucket(ctx, StateConfig{Name: markBucket})
		return err
	})
	if err != nil {
		return nil, err
	}
	return &State{name: markBucket, kv: kv, shared: m.To.cfg.shared()}, nil
}

func (m *Migration) tell(step MigrationStep) {
	if m.Progress != nil {
		m.Progress(step)
	}
}
