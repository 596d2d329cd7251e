package policies_test

import (
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

func BenchmarkDecide(b *testing.B) {
	engine := newEngine(b, policies.Embedded())
	few := ownQuery()
	few.Wanted = []exchange.Field{"status", "points", "validUntil"}
	refused := ownQuery()
	refused.Purpose.LegalBasis = ""
	away := ownQuery()
	away.Region = "330000"
	violations := ownQuery()
	violations.Operation = exchange.ViolationsQuery
	for name, request := range map[string]exchange.DecisionRequest{
		"all30": ownQuery(), "away30": away, "violations17": violations, "few3": few, "refused": refused,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := engine.Decide(b.Context(), request); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		newEngine(b, policies.Embedded())
	}
}
