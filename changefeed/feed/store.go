package feed

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// store is where batches lie, sealed.
type store struct {
	ledger Ledger
	sealer changefeed.Sealer
}

func batchKey(platform string, number uint64) string {
	return platform + "-" + strconv.FormatUint(number, 10)
}

// put stores a batch under its number, which nobody may have taken. Errors: the ledger's.
func (s store) put(ctx context.Context, platform string, number uint64, plain []byte) error {
	key := batchKey(platform, number)
	sealed, err := s.sealer.Seal(plain, []byte(key))
	if err != nil {
		return fmt.Errorf("seal a batch: %w", err)
	}
	if _, err := s.ledger.Put(ctx, key, sealed, 0); err != nil {
		return fmt.Errorf("store batch %d: %w", number, err)
	}
	return nil
}

// get reads a batch. Errors: [journal.ErrNotFound], [ErrUnreadable], the ledger's.
func (s store) get(ctx context.Context, platform string, number uint64) (batch, error) {
	key := batchKey(platform, number)
	entry, err := s.ledger.Last(ctx, key)
	if err != nil {
		return batch{}, fmt.Errorf("read batch %d: %w", number, err)
	}
	plain, err := s.sealer.Open(entry.Data, []byte(key))
	if err != nil {
		return batch{}, fmt.Errorf("%w: batch %d: %w", ErrUnreadable, number, err)
	}
	b, err := decodeBatch(plain)
	if err != nil {
		return batch{}, fmt.Errorf("batch %d: %w", number, err)
	}
	b.number, b.tag = number, tag(key, entry.Data)
	return b, nil
}

func missing(err error) bool { return errors.Is(err, journal.ErrNotFound) }

// tag marks the bytes that a cursor was read from. It tells a slip from a cursor, not a forgery: a platform reads its own feed only,
// whatever its cursor says.
func tag(key string, sealed []byte) string {
	table := crc32.MakeTable(crc32.Castagnoli)
	return fmt.Sprintf("%08x", crc32.Update(crc32.Checksum([]byte(key), table), table, sealed))
}
