package impact_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// BenchmarkReplay is one replay of 100,000 decisions of everyday variety by another policy: platforms, purposes, regions, ages,
// authentications and wanted fields vary, and no two are of the same moment. Reading them from a journal comes on top.
func BenchmarkReplay(b *testing.B) {
	engine := inForce(b)
	candidate := newEngine(b, edited(b, "data/platforms.yaml", "self-query: {home: account, away: bankcard}", "self-query: {home: phone, away: bankcard}"))
	inputs := everyday(100_000)
	b.ReportAllocs()
	for b.Loop() {
		replay := impact.New(engine, candidate)
		for i := range inputs {
			if err := replay.Add(b.Context(), &inputs[i]); err != nil {
				b.Fatal(err)
			}
		}
		report := replay.Report()
		if report.Replayed != len(inputs) || !report.Widens {
			b.Fatalf("%d replayed", report.Replayed)
		}
		b.ReportMetric(float64(report.Distinct), "distinct")
	}
	b.ReportMetric(float64(len(inputs))*float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/100000")
}

func everyday(count int) []impact.Input {
	purposes := []string{"self-query", "licence-business", "violation-handling", "qualification-check", "reminder"}
	methods := []string{"face", "sms", "bankcard", "account", "phone"}
	regions := []exchange.Region{"310000", "330000", "440000", "510000", "650000"}
	wanted := [][]exchange.Field{nil, {"status", "points"}, {"status", "points", "validUntil", "name"}, {"classes"}}
	list := make([]impact.Input, count)
	for i := range list {
		at := noon.Add(time.Duration(i) * 3 * time.Second)
		similarity := 0.8 + float64(i%21)/100
		list[i] = impact.Input{
			ID: fmt.Sprintf("d-%d", i), At: at, Operation: exchange.LicenceQuery, Platform: platformIDs()[i%6], Region: regions[i/7%5],
			Purpose: exchange.Purpose{Code: purposes[i/3%5], Matter: "310100001", Case: impact.Masked, Operator: "self", LegalBasis: "consent"},
			Authentications: []exchange.Authentication{{
				Method: methods[i/11%5], Provider: "demo-face", At: at.Add(-time.Duration(i%900) * time.Second), Similarity: &similarity,
			}},
			Wanted: wanted[i/13%4], SubjectAge: 16 + i%70,
		}
	}
	return list
}
