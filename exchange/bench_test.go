package exchange

import (
	"context"
	"testing"
)

func BenchmarkParseIDNumber(b *testing.B) {
	b.ReportAllocs()
	at := now()
	for b.Loop() {
		if _, err := ParseIDNumber(citizenID, at); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseDate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseDate("2026-05-09 08:30:00"); err != nil {
			b.Fatal(err)
		}
	}
}

// A full licence, a third of its fields masked.
func BenchmarkShapeLicence(b *testing.B) {
	b.ReportAllocs()
	licence, today := fullLicence(), Today(now())
	decision := allow(LicenceQuery)
	for _, field := range []Field{"name", "idNumber", "fileNumber", "cardNumber", "phone"} {
		decision.Grants[field] = MaskThirds
	}
	for b.Loop() {
		var result Result
		if lacks := result.shapeLicence(&licence, &decision, today); lacks != nil {
			b.Fatal(lacks)
		}
	}
}

// The broker's own cost: all parts answer at once and do nothing.
func BenchmarkQuery(b *testing.B) {
	b.ReportAllocs()
	broker := newBench()
	broker.Decider, broker.Encoder, broker.Recorder = idle{}, idle{}, idle{}
	q := query(b)
	for b.Loop() {
		if _, err := broker.Query(b.Context(), q); err != nil {
			b.Fatal(err)
		}
	}
}

// idle is a decider that grants three fields, an encoder and a recorder.
type idle struct{}

func (idle) Decide(context.Context, DecisionRequest) (Decision, error) {
	decision := allow(PictureQuery)
	decision.Grants = map[Field]Mask{"points": MaskNone, "status": MaskNone, "name": MaskName}
	return decision, nil
}

func (idle) EncodeAnswer(*Query, *Answer) ([]byte, error)     { return nil, nil }
func (idle) Record(context.Context, *Record) (Receipt, error) { return Receipt{}, nil }
