package observed_test

import (
	"slices"
	"strings"
	"testing"

	traces "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/internal/telemetry/collectortest"
)

// checkTraces finds each step in the traces, below the request that it was done for, the deliveries with their report, and nothing that
// tells of a person or of an address.
func checkTraces(t *testing.T, collector *collectortest.Collector, world *demo.World) {
	spans := collector.Wait(t, func([]*traces.Span) bool { return true }) // the gateway sent them before it ended
	byID := map[string]*traces.Span{}
	for _, span := range spans {
		byID[string(span.SpanId)] = span
	}
	below := map[string][]string{} // names of parents by name
	linked := 0
	for _, span := range spans {
		parent := ""
		if above := byID[string(span.ParentSpanId)]; above != nil {
			parent = above.Name
		}
		below[span.Name] = append(below[span.Name], parent)
		if span.Name == "changes.deliver" {
			for _, link := range span.Links {
				if origin := byID[string(link.SpanId)]; origin != nil && origin.Name == "changes.report" {
					linked++
				}
			}
		}
	}
	for name, parent := range map[string]string{
		"queryLicence": "", "policy.decide": "queryLicence", "source.licence": "queryLicence", "source.identity": "queryLicence",
		"outbound.attempt": "source.licence", "journal.append": "queryLicence", "push.suishenban": "", "changes.report": "push.suishenban",
		"policy.rank": "changes.report", "journal.put": "changes.report", "changes.deliver": "",
	} {
		if !slices.Contains(below[name], parent) {
			t.Errorf("no span %s below %q; it is below %q", name, parent, below[name])
		}
	}
	if linked == 0 {
		t.Error("no delivery refers to its report")
	}
	text := collector.Text()
	for _, citizen := range world.Citizens.All() {
		if strings.Contains(text, citizen.IDNumber) || strings.Contains(text, citizen.Name) {
			t.Error("a span tells of a person")
		}
	}
	for _, address := range []string{"http:", "127.0.0.1", "?", "/v1/", "/trffweb"} {
		if strings.Contains(text, address) {
			t.Errorf("a span shows %q", address)
		}
	}
}
