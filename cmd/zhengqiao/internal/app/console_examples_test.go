package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console/playground"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/impact"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// TestRecordedExamplesTellOfNobody: who writes policies sees what rules ask of a recorded request, and neither who asked nor about what.
func TestRecordedExamplesTellOfNobody(t *testing.T) {
	t.Parallel()
	in := impact.Input{
		ID: "0192f3a4-5b6c-7d8e-9f00-000000000001", At: time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC), Operation: exchange.LicenceQuery,
		Platform: "suishenban", Region: "310000", SubjectAge: 40,
		Purpose: exchange.Purpose{
			Code: "self-query", Matter: "SECRET-1", MatterName: "SECRET-2", Case: "SECRET-3", Operator: "SECRET-4", Unit: "310000000000", UnitName: "SECRET-5",
		},
	}
	unkept, report := in, in
	unkept.Unkept, report.Operation = "not kept", exchange.ChangeReport
	var all examples
	if err := all.recorded([]impact.Input{unkept, report, in}); err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || all[0].Group != playground.Recorded || all[0].ID != "recorded-"+in.ID {
		t.Fatalf("%+v", all)
	}
	text := all[0].Name + all[0].Input
	if strings.Contains(text, "SECRET") || strings.Count(text, impact.Masked) != 5 || !strings.Contains(text, `"matterName"`) || !strings.Contains(text, "310000000000") {
		t.Error(text)
	}
}

// TestBrokenExamplesAreLeftOut: a case file that somebody is at work on, or records that can't be read, cost no author what he has typed.
func TestBrokenExamplesAreLeftOut(t *testing.T) {
	t.Parallel()
	engine, err := policies.New(policies.Embedded(), policies.Options{NewHash: smcrypto.NewSM3})
	if err != nil {
		t.Fatal(err)
	}
	var told strings.Builder
	bench := consoleWorkshop{
		engine: engine, logger: slog.New(slog.NewTextHandler(&told, nil)),
		folder: func() publish.Files { return publish.Files{"cases/a.yaml": []byte("- name: [")} },
		late:   func(context.Context) ([]impact.Input, error) { return nil, errors.New("no disk, 11010519491231002X") },
	}
	made := bench.Examples(t.Context())
	if len(made) == 0 || slices.ContainsFunc(made, func(e playground.Example) bool { return e.Group != playground.Granted }) {
		t.Errorf("%d examples", len(made))
	}
	if text := told.String(); strings.Count(text, "\n") != 2 || !strings.Contains(text, "group=cases") || !strings.Contains(text, "no disk") || strings.Contains(text, "1949") {
		t.Error(text)
	}
}

// TestConsoleFollowsReloads: what pages offer is of the configuration in force, not of the one that the gateway began with.
func TestConsoleFollowsReloads(t *testing.T) {
	t.Parallel()
	a := &App{config: &config.Config{}}
	a.current.Store(&generation{config: &config.Config{Platforms: []config.Party{{ID: "new"}}}})
	if got := a.platformIDs(); !slices.Equal(got, []string{"new"}) {
		t.Errorf("platforms %v", got)
	}
}
