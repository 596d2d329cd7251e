package impact_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

var noon = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

// newEngine loads policies without a limit of time: a machine that is busy with other tests is no fault of theirs.
func newEngine(t testing.TB, fsys fs.FS) *policies.Engine {
	t.Helper()
	options := policies.Options{NewHash: sha256.New, Timeout: time.Minute}
	draft, err := policies.ReadDraft(fsys, options.NewHash)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := draft.Build(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

var builtIn = sync.OnceValues(func() (*policies.Engine, error) {
	return policies.New(policies.Embedded(), policies.Options{NewHash: sha256.New, Timeout: time.Minute})
})

func inForce(t testing.TB) *policies.Engine {
	t.Helper()
	engine, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// edited gives the built-in policies with one text replaced in one file.
func edited(t testing.TB, file, old, now string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	err := fs.WalkDir(policies.Embedded(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(policies.Embedded(), path)
		all[path] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	before := string(all[file].Data)
	after := strings.Replace(before, old, now, 1)
	if before == after {
		t.Fatalf("%s has no %q", file, old)
	}
	all[file] = &fstest.MapFile{Data: []byte(after)}
	return all
}

// book takes records as the log keeps them: as JSON.
type book struct{ stored [][]byte }

func (b *book) Record(_ context.Context, r *exchange.Record) (exchange.Receipt, error) {
	data, err := json.Marshal(r)
	b.stored = append(b.stored, data)
	return exchange.Receipt{}, err
}

func (b *book) inputs(t tb) (list []*impact.Input) {
	t.Helper()
	for _, data := range b.stored {
		var r exchange.Record
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatal(err)
		}
		if in, ok := impact.FromRecord(&r); ok {
			list = append(list, &in)
		}
	}
	return list
}

type tb interface {
	Helper()
	Fatal(args ...any)
}

type pseudonyms struct{}

func (pseudonyms) Pseudonym(exchange.IDNumber) string { return "p" }

// broker decides and records for real. It has no sources: what is allowed fails behind the decision, which is on record all the same.
func broker(engine *policies.Engine, into *book) *exchange.Broker {
	return &exchange.Broker{
		Decider: engine, Recorder: into, Pseudonyms: pseudonyms{}, Digest: func([]byte) string { return "" }, Clock: func() time.Time { return noon },
		Meter: everySecond{},
	}
}

// everySecond finds the quotas of every second moment spent.
type everySecond struct{}

func (everySecond) Count(use exchange.Use, quotas []exchange.Quota) (*exchange.Quota, time.Duration) {
	if use.At.UnixMilli()%2 == 0 {
		return &quotas[0], time.Minute
	}
	return nil, 0
}

// drawBehalf draws who asks in the subject's place, as far as somebody does.
func drawBehalf(t *rapid.T, q *exchange.Query) {
	if !rapid.Bool().Draw(t, "somebody else") {
		return
	}
	agent, err := exchange.ParseIDNumber(rapid.SampledFrom([]string{"11010519491231002X", "310101199801011232"}).Draw(t, "agent"), q.Received)
	if err != nil {
		t.Fatal(err)
	}
	q.Behalf = &exchange.Behalf{
		Relation: rapid.SampledFrom([]exchange.Relation{exchange.Guardian, exchange.Delegate}).Draw(t, "relation"),
		Agent:    exchange.Agent{Name: agentName, IDNumber: agent}, Grant: exchange.Grant{ID: grantID},
	}
	if rapid.Bool().Draw(t, "term") {
		q.Behalf.Grant.From = q.Received.Add(-time.Duration(rapid.IntRange(-1, 5000).Draw(t, "since")) * time.Millisecond)
		q.Behalf.Grant.Until = q.Received.Add(time.Duration(rapid.IntRange(-1, 5000).Draw(t, "left")) * time.Millisecond)
	}
	if rapid.Bool().Draw(t, "scope") {
		q.Behalf.Grant.Scope = &exchange.Scope{
			Purposes: []string{q.Purpose.Code}, Operations: []exchange.Operation{q.Operation},
			Fields: rapid.SliceOfN(rapid.SampledFrom(exchange.Fields(q.Operation)), 0, 3).Draw(t, "granted"),
		}
	}
}

// What no input may tell of.
const (
	agentName = "李四"
	grantID   = "wt-2026-7"
)

// drawQuery draws a query as it comes out of the contract: sensible in some parts, odd in others.
func drawQuery(t *rapid.T, i int) *exchange.Query {
	received := noon.Add(time.Duration(rapid.IntRange(0, 7*24*3600*1000).Draw(t, "received")) * time.Millisecond)
	q := &exchange.Query{
		ID: fmt.Sprintf("q-%d", i), Operation: rapid.SampledFrom(policies.Operations()[:3]).Draw(t, "operation"), Received: received,
		Caller:  exchange.Caller{Platform: rapid.SampledFrom(append(platformIDs(), "nobody")).Draw(t, "platform")},
		Region:  exchange.Region(rapid.SampledFrom([]string{"310000", "330000", "440000", "650000"}).Draw(t, "region")),
		Purpose: drawPurpose(t),
	}
	if err := drawSubject(t, q); err != nil {
		t.Fatal(err)
	}
	q.Authentications = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) exchange.Authentication { return drawProof(t, received) }), 0, 3).Draw(t, "proofs")
	fields := exchange.Fields(q.Operation)
	if rapid.Bool().Draw(t, "some fields") {
		q.Wanted = rapid.SliceOfNDistinct(rapid.SampledFrom(fields), 1, 4, func(f exchange.Field) exchange.Field { return f }).Draw(t, "wanted")
	}
	if rapid.Bool().Draw(t, "bound") {
		bound := time.Duration(rapid.IntRange(0, 100_000).Draw(t, "max age")) * time.Second
		q.MaxAge = &bound
	}
	drawBehalf(t, q)
	q.Vehicles = make([]exchange.Vehicle, rapid.IntRange(0, 5).Draw(t, "vehicles"))
	return q
}

func platformIDs() []string {
	return []string{"suishenban", "zheliban", "suihaoban", "jiaoguan12123", "wechat-city", "thirdparty-mini"}
}

func drawPurpose(t *rapid.T) exchange.Purpose {
	return exchange.Purpose{
		Code:       rapid.SampledFrom([]string{"self-query", "licence-business", "violation-handling", "qualification-check", "reminder", "other"}).Draw(t, "purpose"),
		Matter:     rapid.SampledFrom([]string{"", "310100001", "  "}).Draw(t, "matter"),
		Case:       rapid.SampledFrom([]string{"", "B-2026-1", " "}).Draw(t, "case"),
		Operator:   rapid.SampledFrom([]string{"self", "gateway", "li.wei", ""}).Draw(t, "operator"),
		Unit:       rapid.SampledFrom([]string{"", "913101150000000000", "310115000000"}).Draw(t, "unit"),
		LegalBasis: rapid.SampledFrom([]string{"consent", "PIPL-13-3", ""}).Draw(t, "basis"),
	}
}

func drawProof(t *rapid.T, received time.Time) exchange.Authentication {
	proof := exchange.Authentication{
		Method:   rapid.SampledFrom([]string{"face", "sms", "bankcard", "account", "phone", "voice"}).Draw(t, "method"),
		Provider: rapid.SampledFrom([]string{"demo-face", "wechat", "alipay", "other"}).Draw(t, "provider"),
		At:       received.Add(-time.Duration(rapid.IntRange(-5000, 1_000_000).Draw(t, "age")) * time.Millisecond).In(time.FixedZone("CST", 8*3600)),
	}
	if rapid.Bool().Draw(t, "scored") {
		similarity := rapid.Float64Range(0.8, 1.01).Draw(t, "similarity")
		proof.Similarity = &similarity
	}
	return proof
}

func drawSubject(t *rapid.T, q *exchange.Query) error {
	number := rapid.SampledFrom([]string{"11010519491231002X", "440524188001010014"}).Draw(t, "number")
	if rapid.Bool().Draw(t, "file number") {
		q.Subject.FileNumber = "310000000001"
	}
	var err error
	q.Subject.IDNumber, err = exchange.ParseIDNumber(number, noon)
	return err
}
