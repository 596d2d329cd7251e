package frontdb

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
)

var (
	errDSN = errors.New("dsn: not a connection string")
	errTLS = errors.New("dsn: sslmode must settle whether TLS is used: disable, require, verify-ca or verify-full")
)

// poolOptions reads the connection string. The parser's own error would repeat pieces of it.
func poolOptions(config Config, deps outbound.Deps) (*pgxpool.Config, error) {
	dsn, err := deps.Secrets(config.DSN)
	if err != nil {
		return nil, fmt.Errorf("dsn: %w", err)
	}
	options, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, errDSN
	}
	if mixed(&options.ConnConfig.Config) {
		return nil, errTLS
	}
	options.MaxConns, options.MinConns, options.MinIdleConns = int32(config.Connections), 0, 0
	if options.ConnConfig.ConnectTimeout == 0 || options.ConnConfig.ConnectTimeout > config.Timeout {
		options.ConnConfig.ConnectTimeout = config.Timeout
	}
	parameters := options.ConnConfig.RuntimeParams
	parameters["application_name"] = "zhengqiao"
	parameters["statement_timeout"] = strconv.FormatInt(config.Timeout.Milliseconds(), 10)
	parameters["datestyle"] = "ISO, YMD" // dates are read as text
	return options, nil
}

// mixed reports whether a connection would be tried with TLS and, should that fail, without.
func mixed(config *pgconn.Config) bool {
	for _, fallback := range config.Fallbacks {
		if (fallback.TLSConfig == nil) != (config.TLSConfig == nil) {
			return true
		}
	}
	return false
}
