package outbound

import (
	"context"
	"encoding/binary"
	"io"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// maxWait caps a wait between attempts, one asked for by Retry-After included.
const maxWait = time.Second

// worthRepeating decides after each attempt. err is nil before the answer was received and when it was good.
func (c *call) worthRepeating(ctx context.Context, _ *http.Response, err error) (bool, error) {
	if err == nil || ctx.Err() != nil || exchange.AskedOnce(ctx) {
		return false, nil
	}
	failure := classify(ctx, c.connected.Load(), err)
	if !failing(failure) {
		return false, nil
	}
	c.wait = c.nextWait(failure.RetryAfter)
	deadline, bounded := ctx.Deadline()
	return !bounded || time.Until(deadline) > c.wait, nil
}

// nextWait gives what the destination advises, capped, else a random part of a doubling bound (full jitter).
func (c *call) nextWait(advised time.Duration) time.Duration {
	if advised > 0 {
		return min(advised, maxWait)
	}
	bound := min(c.client.config.RetryWait<<(c.attempt-1), maxWait)
	var random [8]byte
	if _, err := io.ReadFull(c.client.deps.Random, random[:]); err != nil {
		return bound
	}
	return time.Duration(binary.BigEndian.Uint64(random[:]) % uint64(bound+1))
}
