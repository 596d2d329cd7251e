package journal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"
)

// Config says where the journal lives. The zero value of every optional field is useful.
//
// How durable a write is cannot be configured: the journal always syncs before it acknowledges.
type Config struct {
	// Dir is the folder of the store, for example "/var/lib/zhengqiao/journal". Required without Remote. It is created with mode 0700.
	// It must be on a local disk: locks and syncs of network file systems do not keep the promise.
	Dir string

	// MaxBytes is what all logs and states together may use on disk. Beyond it a write is refused with ErrFull. 0: what the
	// disk has free at the start.
	MaxBytes int64

	// Cluster makes this process a node of a cluster that keeps everything several times. nil: one node.
	Cluster *ClusterConfig

	// Remote keeps everything in an outside NATS cluster. Dir and Cluster must be empty then.
	Remote *RemoteConfig

	// Random names a writer, so that it recognises its own bytes after an unanswered write. nil: crypto/rand.
	Random io.Reader
}

// LogConfig describes one log.
type LogConfig struct {
	// Name of the log: lower-case letters, digits and hyphens, at most 32, for example "records". Required.
	Name string

	// MaxRecordBytes limits one record's data, key and framing apart. 0: 256 KiB. At most 960 KiB.
	MaxRecordBytes int

	// MaxBytes limits the log on disk; beyond it Append returns ErrFull. 0: as much as the store allows.
	MaxBytes int64

	// QueueBatches limits what waits for the disk, in batches of up to 256 records or 1 MiB; beyond it Append returns
	// ErrOverloaded. 0: 16, which is 16 MiB of memory at most.
	QueueBatches int
}

// StateConfig describes one named state.
type StateConfig struct {
	// Name of the state: lower-case letters, digits and hyphens, at most 32, for example "watermarks". Required.
	Name string

	// Volatile keeps the state in memory: cheap, gone after a restart. For marks that outlive no restart by design.
	Volatile bool

	// TTL removes a key this long after it was written. 0: never. At least 100 ms.
	TTL time.Duration
}

const (
	defaultMaxRecordBytes = 256 << 10
	largestMaxRecordBytes = 960 << 10
	defaultQueueBatches   = 16
	shortestTTL           = 100 * time.Millisecond // the engine's own floor for MaxAge
)

// namePattern keeps a name valid as a stream name, a subject token and a folder name on every system.
var namePattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$`)

func checkName(name string) error {
	if !namePattern.MatchString(name) {
		return fmt.Errorf("journal name %q: want 1 to 32 of a-z, 0-9 and inner hyphens", name)
	}
	return nil
}

func (c Config) withDefaults() (Config, error) {
	switch {
	case c.Remote != nil && (c.Dir != "" || c.Cluster != nil):
		return c, errors.New("journal: Remote excludes Dir and Cluster")
	case c.Remote == nil && !c.observer() && c.Dir == "":
		return c, errors.New("journal: Dir is required")
	}
	if c.Cluster != nil {
		if err := c.Cluster.check(); err != nil {
			return c, err
		}
	}
	if c.Remote != nil {
		if err := c.Remote.check(); err != nil {
			return c, err
		}
	}
	if c.MaxBytes < 0 {
		return c, errors.New("journal: MaxBytes must not be negative")
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	return c, nil
}

func (c LogConfig) withDefaults() (LogConfig, error) {
	if c.MaxRecordBytes == 0 {
		c.MaxRecordBytes = defaultMaxRecordBytes
	}
	if c.QueueBatches == 0 {
		c.QueueBatches = defaultQueueBatches
	}
	switch {
	case c.MaxRecordBytes < 0 || c.MaxRecordBytes > largestMaxRecordBytes:
		return c, fmt.Errorf("log %s: MaxRecordBytes must be within 1 and %d", c.Name, largestMaxRecordBytes)
	case c.MaxBytes < 0 || c.QueueBatches < 0:
		return c, fmt.Errorf("log %s: limits must not be negative", c.Name)
	}
	return c, checkName(c.Name)
}

func (c StateConfig) check() error {
	if c.TTL != 0 && c.TTL < shortestTTL {
		return fmt.Errorf("state %s: TTL must be 0 or at least %s", c.Name, shortestTTL)
	}
	return checkName(c.Name)
}
