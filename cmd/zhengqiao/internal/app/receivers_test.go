package app

import (
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// TestReceiversAreToldAsConfigured: each setting of how a platform is told reaches the delivery.
func TestReceiversAreToldAsConfigured(t *testing.T) {
	t.Parallel()
	c := &config.Config{Receivers: []config.Receiver{
		{ID: "county", Gateway: "county-gateway", EveryVersion: true, Timeout: 3 * time.Second, Parallel: 5}, {ID: "usual"}, {ID: "fetches"},
	}}
	got := receivers{"county": {}, "usual": {}}.endpoints(c)
	if len(got) != 2 || got[0].Platform != "county" || got[1].Platform != "usual" {
		t.Fatalf("endpoints %+v", got)
	}
	if e := got[0]; e.Gateway != "county-gateway" || !e.EveryVersion || e.Timeout != 3*time.Second || e.Parallel != 5 || e.Purpose.Code == "" {
		t.Errorf("county: %+v", e)
	}
	if e := got[1]; e.Gateway != "" || e.EveryVersion || e.Timeout != 0 || e.Parallel != 0 {
		t.Errorf("usual: %+v", e)
	}
}
