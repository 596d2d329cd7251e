package config_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

const told = good + `changes: {gateway: gateway-a}
receivers:
  - {id: zheliban, kind: zheliban, region: "330000", settings: {heldUrl: "http://127.0.0.1:1/a"}}
`

// What needs a restart is told until there is one, however many reloads there are before; what a reload put in force is told no more.
func TestDiffSince(t *testing.T) {
	t.Parallel()
	swap := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(told) }
	for name, c := range map[string]struct {
		running, next string
		want          []string
	}{
		"nothing":                        {told, told, nil},
		"a limit in force":               {told + "limits: {inFlight: 7}\n", told + "limits: {inFlight: 7}\n", nil},
		"a limit that waits":             {told + "limits: {drain: 5s}\n", told + "limits: {drain: 5s}\n", []string{"changed limits: drain 8s → 5s (needs a restart)"}},
		"one that waits is taken back":   {told + "limits: {drain: 5s}\n", told, nil},
		"an address that waits":          {swap("8443", "8444"), swap("8443", "8444"), []string{"changed listen (needs a restart)"}},
		"HTTPS that waits":               {told + "tls: {certificate: a.pem, key: a.key}\n", told + "tls: {certificate: a.pem, key: a.key}\n", []string{"changed tls: certificate changed, key changed (needs a restart)"}},
		"a receiver goes, another comes": {told, swap("- {id: zheliban", "- {id: other"), []string{"added receivers other", "removed receivers zheliban"}},
		"a receiver in force":            {swap("- {id: zheliban", "- {id: other"), swap("- {id: zheliban", "- {id: other"), nil},
		"a receiver's settings":          {told, swap("1/a", "1/b"), []string{"changed receivers zheliban: settings.heldUrl changed"}},
		"a receiver's kind, and so its settings": {
			told, swap("kind: zheliban", "kind: webhook", "1/a", "1/b"), []string{"changed receivers zheliban: kind changed, settings.heldUrl changed"},
		},
		"a receiver that will fetch waits": {
			swap("kind: zheliban", "kind: feed"), swap("kind: zheliban", "kind: feed"), []string{"changed receivers zheliban: kind changed (needs a restart)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			var got []string
			for _, change := range config.DiffSince(loaded(t, dir, "start", told), loaded(t, dir, "running", c.running), loaded(t, dir, "next", c.next)) {
				got = append(got, change.String())
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// Each of several routes of one region is told.
func TestDiffTellsRoutesOfOneRegionApart(t *testing.T) {
	t.Parallel()
	both := good + "  - {region: \"310000\", operations: [licence.query], sources: [tmri-sh]}\n"
	dir := t.TempDir()
	for name, c := range map[string]struct{ from, to, want string }{
		"the first":   {both, strings.Replace(both, "    sources: [tmri-sh]", "    sources: [tmri-sh, tmri-sh]", 1), "changed routes 310000: sources changed"},
		"the second":  {both, strings.Replace(both, "[licence.query]", "[violations.query]", 1), "changed routes 310000 #2: operations changed"},
		"another one": {good, both, "added routes 310000 #2"},
	} {
		changes := config.Diff(loaded(t, dir, "old", c.from), loaded(t, dir, "new", c.to))
		if len(changes) != 1 || changes[0].String() != c.want {
			t.Errorf("%s: %v, want %s", name, changes, c.want)
		}
	}
}
