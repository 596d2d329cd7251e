package gateway

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

func benchBody(b *testing.B) []byte {
	b.Helper()
	body, err := os.ReadFile("testdata/licence.json")
	if err != nil {
		b.Fatal(err)
	}
	return body
}

func BenchmarkParseJSON(b *testing.B) {
	body := benchBody(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseJSON(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkValidate(b *testing.B) {
	c, err := loadContract()
	if err != nil {
		b.Fatal(err)
	}
	value, err := parseJSON(benchBody(b))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if list := c.validate("queryLicence", value); list != nil {
			b.Fatal(list)
		}
	}
}

func BenchmarkReadQuery(b *testing.B) {
	body := benchBody(b)
	now := time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		r := &queryReader{query: &exchange.Query{Received: now}, home: "310000"}
		if err := readLicence(body, r); err != nil {
			b.Fatal(err)
		}
		if r.pointers != nil {
			b.Fatal(r.pointers)
		}
	}
}

func benchAnswer() *exchange.Answer {
	return &exchange.Answer{
		Result: exchange.Result{Licence: exchange.Disclosed{
			{Name: "name", Value: "*三", Masked: true},
			{Name: "status", Value: exchange.StatusSet("BDJ").States()},
			{Name: "mayDrive", Value: exchange.MayDriveNo},
			{Name: "points", Value: 3},
			{Name: "classes", Value: []exchange.Class{"C1", "D"}},
			{Name: "cycleEnd", Value: exchange.Date{Year: 2027, Month: 5, Day: 9}},
			{Name: "validUntil", Value: exchange.Date{Year: 2032, Month: 5, Day: 9}},
		}},
		Provenance: exchange.Provenance{Source: "tmri-sh", Region: "310000", AsOf: time.Unix(1795483800, 0).UTC(), Freshness: "realtime"},
		Withheld: slices.Repeat([]exchange.Withheld{{
			Field: "phone", Code: "not_for_this_purpose", Rule: "fields.purpose", Text: exchange.Text{ZH: "此目的不提供该项", EN: "not given for this purpose"},
		}}, 8),
		Decision: exchange.DecisionRef{ID: "0b9f3f5e-6a1c-4d0e-9a55-0d5f3b1f6f10", Revision: "abab"},
	}
}

func BenchmarkEncodeAnswer(b *testing.B) {
	query, answer := &exchange.Query{Operation: exchange.LicenceQuery}, benchAnswer()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (Encoder{}).EncodeAnswer(query, answer); err != nil {
			b.Fatal(err)
		}
	}
}

// idle parts show the gateway's own share: signatures are the larger part of a request and are measured where they are made.
type idle struct{ answer *exchange.Answer }

func (i idle) Query(_ context.Context, q *exchange.Query) (*exchange.Answer, error) {
	answer := *i.answer
	body, err := Encoder{}.EncodeAnswer(q, &answer)
	answer.Body = body
	return &answer, err
}

func (idle) Refuse(_ context.Context, _ *exchange.Query, err error) error { return err }

func (idle) VerifyHTTP(*http.Request, []byte) (httpsig.Verified, error) {
	return httpsig.Verified{KeyID: "suishenban-1", Party: "suishenban"}, nil
}

func (idle) SignResponse(*httpsig.Response) ([]byte, error) { return nil, nil }

func (idle) Platform(id string) (Platform, bool) { return Platform{ID: id, Region: "310000"}, true }

func BenchmarkHandler(b *testing.B) {
	parts := idle{answer: benchAnswer()}
	now := time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC)
	g, err := New(Deps{
		Broker: parts, Verifier: parts, Signer: parts, Platforms: parts, Logger: slog.New(slog.NewJSONHandler(io.Discard, nil)),
		Clock: func() time.Time { return now }, Random: rand.Reader, Registry: prometheus.NewRegistry(),
	})
	if err != nil {
		b.Fatal(err)
	}
	body := benchBody(b)
	b.ReportAllocs()
	for b.Loop() {
		request := httptest.NewRequest(http.MethodPost, "/v1/licences/query", bytes.NewReader(body))
		request.Header.Set("Content-Type", mediaJSON)
		recorder := httptest.NewRecorder()
		g.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusOK {
			b.Fatal(recorder.Code, recorder.Body)
		}
	}
}

// BenchmarkValidateUnknownMembers is the request that costs the most: as many members as fit, none of which the contract has.
func BenchmarkValidateUnknownMembers(b *testing.B) {
	c, err := loadContract()
	if err != nil {
		b.Fatal(err)
	}
	value, err := parseJSON(unknownMembersBody(maxValues))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if list := c.validate("queryLicence", value); len(list) != maxPointers {
			b.Fatal(list)
		}
	}
}

// unknownMembersBody is an object of so many members that the contract doesn't have.
func unknownMembersBody(members int) []byte {
	text := []byte("{")
	for i := range members {
		name := [...]byte{'"', 'a' + byte(i/676%26), 'a' + byte(i/26%26), 'a' + byte(i%26), '"', ':', '1', ','}
		text = append(text, name[:]...)
	}
	text[len(text)-1] = '}'
	return text
}

func BenchmarkFits(b *testing.B) {
	c, err := loadContract()
	if err != nil {
		b.Fatal(err)
	}
	body := benchBody(b)
	b.ReportAllocs()
	for b.Loop() {
		if !c.operations["queryLicence"].fit.fits(body) {
			b.Fatal("it does not fit")
		}
	}
}
