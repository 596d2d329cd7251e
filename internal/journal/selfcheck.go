package journal

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
)

// finding is one setting, and whether it keeps the promise.
type finding struct {
	ok   bool
	text string
}

func weakest(subject string, findings []finding) error {
	for _, f := range findings {
		if !f.ok {
			return fmt.Errorf("%w: %s: %s", ErrWeakSettings, subject, f.text)
		}
	}
	return nil
}

// checkEngine reads back what the running engine does, not what it was told.
func checkEngine(got *server.JetStreamConfig) error {
	if got == nil {
		return fmt.Errorf("%w: engine has no store", ErrWeakSettings)
	}
	return weakest("engine", []finding{
		{got.SyncAlways, "it acknowledges before the disk has the data (SyncAlways is off)"},
		{got.StoreDir != "", "it has no store folder"},
	})
}

// roomy returns an error until an outside cluster is there, and ErrWeakSettings when it does not take messages as large as ours.
func (e *engine) roomy(context.Context) error {
	switch {
	case e.server != nil:
		return nil
	case !e.conn.IsConnected():
		return errors.New("not connected yet")
	}
	largest := e.conn.MaxPayload()
	return weakest("outside cluster", []finding{
		{largest >= maxPayload, fmt.Sprintf("max_payload is %d, want %d", largest, maxPayload)},
	})
}

// checkStream compares a stream with what a log or a state promises.
func checkStream(got, want jetstream.StreamConfig) error {
	return weakest("stream "+want.Name, []finding{
		{got.Storage == want.Storage, "storage is " + got.Storage.String()},
		{got.PersistMode == jetstream.DefaultPersistMode, "it acknowledges before the disk has the data (async persistence)"},
		{got.Retention == jetstream.LimitsPolicy, "retention is " + got.Retention.String()},
		{got.Discard == want.Discard, "when full it discards " + got.Discard.String()},
		{!got.NoAck, "it does not acknowledge"},
		{!got.Sealed, "it is sealed"},
		{got.Replicas >= want.Replicas, fmt.Sprintf("%d replicas instead of %d", got.Replicas, want.Replicas)},
		{got.MaxAge == want.MaxAge, fmt.Sprintf("messages live %s instead of %s", got.MaxAge, want.MaxAge)},
		{got.MaxMsgs == want.MaxMsgs, fmt.Sprintf("it holds %d messages instead of %d", got.MaxMsgs, want.MaxMsgs)},
		{got.MaxMsgsPerSubject <= 0 || got.MaxMsgsPerSubject == want.MaxMsgsPerSubject,
			fmt.Sprintf("it holds %d messages of a subject", got.MaxMsgsPerSubject)},
		{got.DenyDelete || !want.DenyDelete, "messages may be deleted"},
		{got.DenyPurge || !want.DenyPurge, "it may be purged"},
		{!got.AllowRollup || want.AllowRollup, "a message may replace earlier ones (rollup)"},
		{!got.AllowMsgTTL || want.AllowMsgTTL, "a message may set its own end (TTL)"},
		{got.AllowMsgTTL || !want.AllowMsgTTL, "a message may not set its own end (TTL)"},
		{got.Mirror == nil && len(got.Sources) == 0, "it copies another stream"},
		{got.SubjectTransform == nil && got.RePublish == nil, "it changes or republishes messages"},
	})
}
