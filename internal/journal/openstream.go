package journal

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/nats-io/nats.go/jetstream"
)

// wholeKey marks streams and consumers whose settings are on disk for certain.
//
// The engine writes settings and their checksum as two files, and forgets at its next start what lacks the second one: the
// stream or consumer is "not found", and creating it again over what is left does not write the missing file either. A
// process that is killed while it creates something would so lose it at every later start. An update writes both files, so
// each creation is followed by one, which sets this mark; what is found without it was interrupted and is updated again.
//
// In a cluster the leader of all nodes keeps the settings, and writes them anew on a node that lacks them. What is created
// there has the mark from the start: several nodes create the same thing at once, and updates that cross get no answer.
const wholeKey = "zhengqiao.whole"

// marked returns the metadata with the mark, and whether it was missing.
func marked(metadata map[string]string) (with map[string]string, missing bool) {
	if metadata[wholeKey] != "" {
		return metadata, false
	}
	with = maps.Clone(metadata)
	if with == nil {
		with = make(map[string]string, 1)
	}
	with[wholeKey] = "1"
	return with, true
}

// openStream creates the stream or checks that the existing one keeps what want promises. A changed size limit is applied;
// nothing else of an existing stream is touched.
func openStream(ctx context.Context, js jetstream.JetStream, want jetstream.StreamConfig) (jetstream.Stream, error) {
	s, err := js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		if want.Replicas > 1 {
			want.Metadata, _ = marked(want.Metadata)
		}
		s, err = js.CreateStream(ctx, want)
	}
	if err != nil {
		return nil, fmt.Errorf("open stream: %w", translate(err))
	}
	got := s.CachedInfo().Config
	if err := checkStream(got, want); err != nil {
		return nil, err
	}
	got.MaxBytes = want.MaxBytes
	return makeWhole(ctx, js, s, got)
}

// makeWhole makes the stream whole and applies a changed size limit or way of reading.
func makeWhole(ctx context.Context, js jetstream.JetStream, s jetstream.Stream, want jetstream.StreamConfig) (jetstream.Stream, error) {
	cfg := s.CachedInfo().Config
	metadata, missing := marked(cfg.Metadata)
	if !missing && cfg.MaxBytes == want.MaxBytes && cfg.AllowDirect == want.AllowDirect {
		return s, nil
	}
	cfg.Metadata, cfg.MaxBytes, cfg.AllowDirect = metadata, want.MaxBytes, want.AllowDirect
	s, err := js.UpdateStream(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("update stream: %w", translate(err))
	}
	return s, nil
}
