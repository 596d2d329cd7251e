package telemetry_test

import (
	"context"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/telemetry"
)

// FuzzTraceparent holds whatever a proven caller sends to: no panic, and a trace id that is either drawn here or the caller's own in the
// form of the standard, without an ID number in it.
func FuzzTraceparent(f *testing.F) {
	for _, seed := range []string{callerParent, callerDropped, numberParent, "", "00-", "ff-" + callerTrace + "-" + callerSpan + "-01", "01-" + callerTrace + "-" + callerSpan + "-01-x"} {
		f.Add(seed)
	}
	tracer, err := telemetry.Open(f.Context(), telemetry.Config{
		Endpoint: "http://127.0.0.1:1", Ratio: 1, Traceparent: telemetry.TraceparentParent, Wait: time.Hour,
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		_ = tracer.Close(ctx) // nobody listens
	})
	f.Fuzz(func(t *testing.T, traceparent string) {
		_, id, _ := tracer.Begin(t.Context(), "x", http.Header{"Traceparent": {traceparent}}, true, time.Now())
		if id == "" {
			return // not kept: the caller said so
		}
		if raw, err := hex.DecodeString(id); err != nil || len(raw) != 16 || id != strings.ToLower(id) {
			t.Errorf("trace id %q", id)
		}
		for i := range len(id) - 17 {
			if _, err := exchange.ParseIDNumber(id[i:i+18], time.Now()); err == nil {
				t.Errorf("trace id %s holds a number", id)
			}
		}
	})
}
