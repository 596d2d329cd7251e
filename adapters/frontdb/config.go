package frontdb

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
)

const (
	defaultBatchMax    = 10_000
	defaultTimeout     = 30 * time.Second
	defaultOverlap     = 10 * time.Minute
	defaultConnections = 2

	// maxBatch bounds the memory that one batch or page takes: a row is under 1 KiB.
	maxBatch = 100_000
)

// Config is one front-end database.
type Config struct {
	// DSN is a reference to the connection string, such as file:keys/frontdb.dsn. The string is libpq's, as URL or as
	// keywords; TLS is set by its sslmode, which must not be prefer or allow: verify-full proves who answers, disable is for
	// a database behind a proxy of its own. What the string leaves out comes from the PG* environment, as with libpq.
	DSN string `yaml:"dsn"`
	// Schema holds the tables; a lower-case name of up to 63 letters, digits and underscores.
	Schema string `yaml:"schema"`
	// Side is this gateway's side of the exchange: local writes up_ and reads dn_, national the other way round.
	Side Side `yaml:"side"`
	// Identify says by what a written row names its licence: number (sfzmhm beside the key) or key (the pseudonym alone, for
	// a receiver that keeps the same pseudonyms). Default number.
	Identify Identify `yaml:"identify"`
	// Rhythm says when batches are due. Default daily at 02:30.
	Rhythm Rhythm `yaml:"rhythm"`
	// BatchMax bounds the rows of one batch, which is one transaction, and of one page read. Default 10000, at most 100000.
	BatchMax int `yaml:"batchMax"`
	// Timeout bounds each statement at the server, and a whole batch or page here. Default 30s.
	Timeout time.Duration `yaml:"timeout"`
	// Overlap is how far behind the watermark reading starts again: a row whose cd_time was taken before it was committed, or by
	// a slow clock, would be missed otherwise. It must exceed the longest batch of the other side. Default 10m.
	Overlap time.Duration `yaml:"overlap"`
	// Connections bounds the open connections. Default 2.
	Connections int `yaml:"connections"`
}

// Side is one of the two ends of the exchange.
type Side string

// The sides.
const (
	SideLocal    Side = "local"
	SideNational Side = "national"
)

// Identify is a way in which a row names whose licence it is.
type Identify string

// The ways.
const (
	IdentifyNumber Identify = "number"
	IdentifyKey    Identify = "key"
)

func read(decode outbound.Decode) (Config, error) {
	var config Config
	if err := decode(&config); err != nil {
		return Config{}, err
	}
	return config.filled(), config.Validate()
}

func (c Config) filled() Config {
	c.Identify = cmp.Or(c.Identify, IdentifyNumber)
	c.Rhythm = c.Rhythm.filled()
	c.BatchMax = cmp.Or(c.BatchMax, defaultBatchMax)
	c.Timeout = cmp.Or(c.Timeout, defaultTimeout)
	c.Overlap = cmp.Or(c.Overlap, defaultOverlap)
	c.Connections = cmp.Or(c.Connections, defaultConnections)
	return c
}

// Validate tells of every setting that cannot be used, by its key.
func (c Config) Validate() error {
	c = c.filled()
	return errors.Join(
		require(c.DSN != "", "dsn", "missing"),
		require(schemaName().MatchString(c.Schema), "schema", "want a lower-case name of letters, digits and underscores"),
		require(c.Side == SideLocal || c.Side == SideNational, "side", "want local or national"),
		require(c.Identify == IdentifyNumber || c.Identify == IdentifyKey, "identify", "want number or key"),
		c.Rhythm.validate(),
		require(c.BatchMax > 0 && c.BatchMax <= maxBatch, "batchMax", fmt.Sprintf("want 1 to %d", maxBatch)),
		require(c.Timeout >= time.Millisecond, "timeout", "want 1ms or more"),
		require(c.Overlap >= 0, "overlap", "want no negative time"),
		require(c.Connections > 0 && c.Connections <= 64, "connections", "want 1 to 64"),
	)
}

// schemaName is kept to names that need no quoting, so that other people's tools find the tables.
func schemaName() *regexp.Regexp { return regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}$`) }

func require(ok bool, key, want string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%s: %s", key, want)
}
