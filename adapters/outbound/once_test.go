package outbound_test

import (
	"sync/atomic"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestAskedOnceIsNotRepeated: a poll that keeps to a quota counts one call for one question, also when it fails.
func TestAskedOnceIsNotRepeated(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	url := serve(t, failing(1, status(500), &calls))
	_, err := open(t, outbound.Config{}, outbound.Deps{}).Do(exchange.AskOnce(t.Context()),
		outbound.Request{URL: url, Body: []byte("question"), Idempotent: true})
	if exchange.CodeOf(err) != exchange.SourceDown || calls.Load() != 1 {
		t.Errorf("got %v after %d calls, want one", err, calls.Load())
	}
}
