package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// resetSubject is where the engine takes a new place for a consumer (NATS 2.14, ADR-60); the client library has no call for it.
func resetSubject(js jetstream.JetStream, stream, durable string) string {
	return strings.Replace(nextSubject(js, stream, durable), "CONSUMER.MSG.NEXT.", "CONSUMER.RESET.", 1)
}

var errNoSkip = errors.New("the engine does not move this consumer")

// skipTo moves the engine's place behind what is done and forgets what it has handed out. The caller must hold the partition. An
// engine that refuses once is not asked again: it is too old, or the consumer was made to begin with what is new.
func (c *Cursor) skipTo(ctx context.Context, reached Revision) error {
	if c.noSkip.Load() {
		return errNoSkip
	}
	ctx, cancel := context.WithTimeout(ctx, c.ledger.journal.cfg.writing().limit)
	defer cancel()
	request := fmt.Sprintf(`{"seq":%d}`, c.stream.sequence(reached)+1)
	answer, err := c.conn.RequestWithContext(ctx, c.reset, []byte(request))
	if err != nil {
		return fmt.Errorf("move the place: %w", err)
	}
	var said struct {
		Error *jetstream.APIError `json:"error"`
	}
	if err := json.Unmarshal(answer.Data, &said); err != nil {
		return fmt.Errorf("move the place: %w", err)
	}
	if said.Error != nil {
		c.noSkip.Store(true)
		return fmt.Errorf("%w: %w", errNoSkip, said.Error)
	}
	return nil
}
