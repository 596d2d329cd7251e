package journal

import (
	"errors"
	"fmt"
	"strconv"
)

// LedgerConfig describes one ledger.
type LedgerConfig struct {
	// Name of the ledger: lower-case letters, digits and hyphens, at most 32, for example "licences". Required.
	Name string

	// Partitions is how many parts the keys are spread over; each part is read in order by one reader at a time, and is
	// written beside the others. 0: 16. At most 256. It is fixed when the ledger is created: another number would move keys to other readers.
	Partitions int

	// MaxEntryBytes limits one entry's data. 0: 256 KiB. At most 960 KiB.
	MaxEntryBytes int

	// MaxBytes limits the ledger on disk, each partition to its share; beyond it Put returns ErrFull. 0: as much as the
	// store allows.
	MaxBytes int64

	// MaxWaiting limits the Puts of a partition that wait for others on their way to the disk; beyond it Put returns
	// ErrOverloaded. 0: 256.
	MaxWaiting int
}

const (
	defaultPartitions = 16
	largestPartitions = 256
	defaultMaxWaiting = 256

	// partitionsKey is where the stream keeps the number of partitions it was created with.
	partitionsKey = "zhengqiao.partitions"
)

func (c LedgerConfig) withDefaults() (LedgerConfig, error) {
	c.Partitions = orDefault(c.Partitions, defaultPartitions)
	c.MaxEntryBytes = orDefault(c.MaxEntryBytes, defaultMaxRecordBytes)
	c.MaxWaiting = orDefault(c.MaxWaiting, defaultMaxWaiting)
	switch {
	case c.Partitions < 0 || c.Partitions > largestPartitions:
		return c, fmt.Errorf("ledger %s: Partitions must be within 1 and %d", c.Name, largestPartitions)
	case c.MaxEntryBytes < 0 || c.MaxEntryBytes > largestMaxRecordBytes:
		return c, fmt.Errorf("ledger %s: MaxEntryBytes must be within 1 and %d", c.Name, largestMaxRecordBytes)
	case c.MaxBytes < 0 || c.MaxWaiting < 0:
		return c, fmt.Errorf("ledger %s: limits must not be negative", c.Name)
	}
	return c, checkName(c.Name)
}

func orDefault(value, otherwise int) int {
	if value == 0 {
		return otherwise
	}
	return value
}

// checkPartitions compares the number of partitions that the stream was created with.
func (c LedgerConfig) checkPartitions(metadata map[string]string) error {
	if got := metadata[partitionsKey]; got != strconv.Itoa(c.Partitions) {
		return fmt.Errorf("%w: created with %q, opened with %d", ErrPartitions, got, c.Partitions)
	}
	return nil
}

// checkKey keeps a key valid as one subject token. The message does not show the key: who passes a wrong one may have
// passed a personal number.
func checkKey(key string) error {
	if key == "" {
		return errors.New("key is empty")
	}
	if len(key) > maxKeyBytes {
		return fmt.Errorf("%w: key of %d bytes", ErrTooLarge, len(key))
	}
	for i := range len(key) {
		if c := key[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return fmt.Errorf("key has another character than a-z, 0-9 and hyphen at byte %d", i)
		}
	}
	return nil
}
