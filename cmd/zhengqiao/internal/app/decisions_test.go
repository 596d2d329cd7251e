package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// ledgerOf opens a real journal with the records of two nodes.
func ledgerOf(t *testing.T, records ...int) (*journal.Journal, *Trail) {
	t.Helper()
	j, err := journal.Open(t.Context(), journal.Config{Dir: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	for node, count := range records {
		log, err := j.Log(t.Context(), journal.LogConfig{Name: fmt.Sprintf("records-%d", node)})
		if err != nil {
			t.Fatal(err)
		}
		writer := evidence.NewRecords(log, nil, time.Now)
		for i := range count {
			if _, err := writer.Record(t.Context(), recordOf(node, i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return j, &Trail{j}
}

var morning = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)

func recordOf(node, i int) *exchange.Record {
	at := morning.Add(time.Duration(i) * time.Minute)
	return &exchange.Record{
		ID: fmt.Sprintf("%08x-%04x-7000-8000-%06d%06d", at.UnixMilli()>>16, at.UnixMilli()&0xffff, node, i), Time: at, Operation: exchange.LicenceQuery,
		Platform: []string{"suishenban", "zheliban"}[i%2], Region: "310000", Revision: "r", Outcome: exchange.Answered,
	}
}

// TestAllNodesDecisionsAreRead: of every log of records, from the moment on, by platform; and each is found by its id.
func TestAllNodesDecisionsAreRead(t *testing.T) {
	t.Parallel()
	_, trail := ledgerOf(t, 40, 60)
	var ids []string
	told := uint64(0)
	meant := Selection{Since: morning.Add(30 * time.Minute), Platform: "zheliban"}
	err := trail.Inputs(t.Context(), meant, func(in *impact.Input) error { ids = append(ids, in.ID); return nil }, func(read, all uint64) { told = all })
	if err != nil || len(ids) != 5+15 || told < 20 {
		t.Errorf("%d inputs, %d records told, %v", len(ids), told, err)
	}
	for node, i := range []int{3, 59} {
		wanted := recordOf(node, i)
		found, err := trail.Find(t.Context(), wanted.ID)
		if err != nil || found.Index != uint64(i) || found.Log != fmt.Sprintf("records-%d", node) || found.Entry.ID != wanted.ID {
			t.Errorf("%s: %+v, %v", wanted.ID, found, err)
		}
	}
	if _, err := trail.Find(t.Context(), recordOf(0, 50).ID); !errors.Is(err, evidence.ErrNoRecord) {
		t.Errorf("one that was never made: %v", err)
	}
}

// TestPagesGiveEveryInputOnce: whatever the page, and however the records lie in the logs.
func TestPagesGiveEveryInputOnce(t *testing.T) {
	t.Parallel()
	_, trail := ledgerOf(t, 700, 900)
	asked := gateway.InputsAsked{Since: morning, Until: morning.Add(800 * time.Minute)}
	seen, pages := map[string]bool{}, 0
	for {
		page, err := trail.Page(t.Context(), asked)
		if err != nil || len(page.Inputs) > pageInputs {
			t.Fatalf("%d inputs, %v", len(page.Inputs), err)
		}
		pages++
		for _, line := range page.Inputs {
			if seen[line] {
				t.Fatalf("twice: %s", line)
			}
			seen[line] = true
		}
		if page.Next == "" {
			break
		}
		asked.After = page.Next
	}
	if len(seen) != 700+800 || pages < 2 {
		t.Errorf("%d inputs in %d pages", len(seen), pages)
	}
	for _, token := range []string{"abc", "bnVsbA", "e30x"} {
		asked.After = token
		if _, err := trail.Page(t.Context(), asked); exchange.CodeOf(err) != exchange.InvalidRequest {
			t.Errorf("token %s: %v", token, err)
		}
	}
}

// TestEachRevisionIsKept: once with its files, and noted each time that it comes into force.
func TestEachRevisionIsKept(t *testing.T) {
	t.Parallel()
	j, trail := ledgerOf(t)
	engine, err := policies.New(policies.Embedded(), policies.Options{NewHash: smcrypto.NewSM3})
	if err != nil {
		t.Fatal(err)
	}
	k, err := newKeeper(t.Context(), j, &config.Config{}, engine)
	if err != nil {
		t.Fatal(err)
	}
	if changed, err := k.keep(t.Context()); err != nil || changed || k.log.Head() != 1 {
		t.Errorf("noted again: %v, %v, %d entries", changed, err, k.log.Head())
	}
	files, err := trail.Policies(t.Context(), engine.Revision())
	if err != nil {
		t.Fatal(err)
	}
	if draft, err := policies.ReadDraft(files, smcrypto.NewSM3); err != nil || draft.Revision() != engine.Revision() {
		t.Errorf("other policies are kept, %v", err)
	}
	if _, err := trail.Policies(t.Context(), "0123"); !errors.Is(err, ErrNotKept) {
		t.Errorf("a revision that never was: %v", err)
	}
}

// TestADecisionIsToldToItsPlatformOnly: another's, one that never was and one that is too old are the same to who asks.
func TestADecisionIsToldToItsPlatformOnly(t *testing.T) {
	t.Parallel()
	_, trail := ledgerOf(t, 2)
	engine, err := policies.New(policies.Embedded(), policies.Options{NewHash: smcrypto.NewSM3})
	if err != nil {
		t.Fatal(err)
	}
	d := &decisions{trail: trail, engine: engine, keep: 1 << 62, contact: exchange.Text{ZH: "问", EN: "ask"}}
	own := recordOf(0, 0)
	told, err := d.Account(t.Context(), own.Platform, own.ID)
	if err != nil || told.ID != own.ID || told.Contact.EN != "ask" {
		t.Errorf("%+v, %v", told, err)
	}
	old := &decisions{trail: trail, engine: engine, keep: time.Nanosecond}
	for name, ask := range map[string]func() error{
		"another's":  func() error { _, err := d.Account(t.Context(), "wechat-city", own.ID); return err },
		"never was":  func() error { _, err := d.Account(t.Context(), own.Platform, recordOf(5, 5).ID); return err },
		"too old":    func() error { _, err := old.Account(t.Context(), own.Platform, own.ID); return err },
		"no such id": func() error { _, err := d.Account(t.Context(), own.Platform, "zheliban-7"); return err },
	} {
		if err := ask(); exchange.CodeOf(err) != exchange.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}
