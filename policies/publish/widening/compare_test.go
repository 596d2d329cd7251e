package widening_test

import (
	"crypto/sha256"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies/authoring/authoringtest"
	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
	"github.com/zhengqiao/zhengqiao/policies/impact"
	"github.com/zhengqiao/zhengqiao/policies/publish/widening"
)

func open(t *testing.T, files fstest.MapFS) *folder.Folder {
	t.Helper()
	opened, err := folder.Open(files, sha256.New)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func replaced(t *testing.T, path, old, replacement string) fstest.MapFS {
	t.Helper()
	files := authoringtest.Shipped(t)
	authoringtest.Edit(t, files, path, old, replacement)
	return files
}

// TestCompare: what lets anybody see more widens, and says so; what only takes away doesn't.
func TestCompare(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path, old, replacement string
		gain                   string // "": none
		platforms              []string
	}{
		"only a comment":               {"data/limits.yaml", "limits:", "limits: # nothing", "", nil},
		"a field taken from a purpose": {"data/purposes.yaml", "cycleEnd, validUntil, longTerm, validity, nextInspection", "cycleEnd, longTerm, validity, nextInspection", "", []string{"jiaoguan12123", "suihaoban", "suishenban", "thirdparty-mini", "wechat-city", "zheliban"}},
		"a field given to a platform":  {"data/platforms.yaml", "fields: [name, status,", "fields: [name, nationality, status,", "thirdparty-mini, self-query, licence.query, own region, sms: field-gained nationality - -> none", []string{"thirdparty-mini"}},
		"a level lowered for a class":  {"data/sensitivity.yaml", "home: sms, away: bankcard}", "home: account, away: bankcard}", "zheliban, self-query, violations.query, own region, account: refuse-to-allow", []string{"jiaoguan12123", "suihaoban", "suishenban", "zheliban"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, after := open(t, authoringtest.Shipped(t)), open(t, replaced(t, c.path, c.old, c.replacement))
			got, err := widening.Compare(t.Context(), before, after, sha256.New, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got.Widens() != (c.gain != "") || !told(got, c.gain) {
				t.Errorf("gains %q, want %q", got.Gains, c.gain)
			}
			if got.All || !slices.Equal(got.Platforms, c.platforms) {
				t.Errorf("platforms %q (all: %v), want %q", got.Platforms, got.All, c.platforms)
			}
		})
	}
}

func told(d widening.Difference, gain string) bool {
	return gain == "" || slices.ContainsFunc(d.Gains, func(one string) bool { return strings.Contains(one, gain) })
}

// TestUnseen: what the matrix can't show counts as widening for all.
func TestUnseen(t *testing.T) {
	t.Parallel()
	before := open(t, authoringtest.Shipped(t))
	for name, c := range map[string]struct{ path, old, replacement, gain string }{
		"words for the citizen":  {"data/reasons.yaml", "Register it before asking.", "Register it first.", ""},
		"fields of a platform":   {"data/platforms.yaml", "fields: [name, status,", "fields: [name, nationality, status,", ""},
		"a lower age of consent": {"data/limits.yaml", "ageOfConsent: 14", "ageOfConsent: 12", "limits.ageOfConsent"},
		"a longer window":        {"data/assurance.yaml", "windowSeconds: 900", "windowSeconds: 9000", "assurance.windowSeconds"},
		"older data":             {"data/tiers.yaml", "bound: 600,", "bound: 6000,", "tiers.realtime"},
		"no identity check":      {"data/platforms.yaml", "tier: daily\n    identityCheck: true", "tier: daily\n    identityCheck: false", "platforms.wechat-city"},
		"a comment on a rule":    {"minors.rego", "accepted if request.of_age\n", "accepted if request.of_age # PIPL\n", ""},
		"a condition dropped":    {"minors.rego", "\tguarded\n\there\n", "\tguarded\n", "rules differ: minors.rego"},
		"a requirement dropped":  {"data/purposes.yaml", "requires: [matter, operator, unit]", "requires: [matter, operator]", "purposes.qualification-check"},
	} {
		got := widening.Unseen(before.Draft, open(t, replaced(t, c.path, c.old, c.replacement)).Draft)
		if got.Widens() != (c.gain != "") || got.All != got.Widens() || !told(got, c.gain) {
			t.Errorf("%s: %+v, want %q", name, got, c.gain)
		}
	}
}

// TestRecordedInputs: a recorded request that is refused by what is in force and would not be any more is a gain, whatever the matrix says.
func TestRecordedInputs(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
	input := impact.Input{
		ID: "1", At: at, Operation: exchange.LicenceQuery, Platform: "thirdparty-mini", Region: "310000", SubjectAge: 35,
		Purpose:         exchange.Purpose{Code: "self-query", Matter: "m", Operator: "self", LegalBasis: "consent"},
		Authentications: []exchange.Authentication{{Method: "bankcard", Provider: "p", At: at.Add(-time.Minute)}},
		Wanted:          []exchange.Field{"nationality"},
	}
	before := open(t, authoringtest.Shipped(t))
	after := open(t, replaced(t, "data/platforms.yaml", "fields: [name, status,", "fields: [name, nationality, status,"))
	got, err := widening.Compare(t.Context(), before, after, sha256.New, []impact.Input{input})
	if err != nil || !told(got, "recorded requests of thirdparty-mini, self-query: refuse-to-allow") {
		t.Errorf("gains %q, error %v", got.Gains, err)
	}
}
