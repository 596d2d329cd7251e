package exchange

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestLayerOf(t *testing.T) {
	t.Parallel()
	marked := ErrorAt(SourceDown, LayerDNS, "not reachable: %w", io.EOF)
	cases := map[string]struct {
		err  error
		want Layer
	}{
		"nothing":      {nil, ""},
		"ours":         {io.EOF, ""},
		"an answer":    {&Error{Code: NoRecord}, ""},
		"marked":       {fmt.Errorf("ask: %w", marked), LayerDNS},
		"marked above": {AtLayer(LayerClock, marked), LayerClock},
		"down":         {&Error{Code: SourceDown}, LayerHTTP},
		"late":         {&Error{Code: SourceTimeout}, LayerTime},
		"broken off":   {&Error{Code: TransferInterrupted}, LayerTCP},
		"unreadable":   {&Error{Code: SourceInvalid}, LayerFormat},
		"refused":      {&Error{Code: SourceRefused}, LayerCredential},
	}
	for name, c := range cases {
		if got := LayerOf(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestALayerChangesNothingElse(t *testing.T) {
	t.Parallel()
	marked := AtLayer(LayerTLS, Errorf(SourceDown, "x509: expired"))
	if CodeOf(marked) != SourceDown || marked.Error() != "source-down: x509: expired" || AtLayer(LayerTLS, nil) != nil {
		t.Errorf("%v", marked)
	}
	if inner := Errorf(SourceDown, "%w", AtLayer(LayerTCP, io.EOF)); !errors.Is(inner, io.EOF) {
		t.Error("the cause is lost")
	}
}
