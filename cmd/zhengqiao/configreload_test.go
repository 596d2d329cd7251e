package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An operator looks at what a reload would do, reloads, and is told what is wrong with a file, while the gateway goes on.
func TestOperatorReloads(t *testing.T) {
	t.Parallel()
	s := newRepairShop(t)
	before := filepath.Join(filepath.Dir(s.config), "before.yaml")
	text, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(before, text, 0o600); err != nil {
		t.Fatal(err)
	}
	s.tells(0, "a reload changes nothing", "config", "diff", "--against", before)
	s.tells(0, "nothing changes", "config", "diff", "--running")
	const line = "changed limits: inFlight 256 → 99"
	appendTo(t, s.config, "\nlimits: {inFlight: 99}\n")
	s.tells(0, line, "config", "diff", "--against", before)
	s.tells(0, line, "config", "diff", "--running")
	s.tells(1, "reason", "config", "reload")
	s.tells(0, line, "config", "diff", "--running") // it was a look, and what was refused did nothing
	s.tells(0, line, "config", "reload", "--reason", "a busy day")
	s.tells(0, "nothing changes", "config", "diff", "--running")
	s.tells(0, `"applied": true`, "config", "reload", "--reason", "again", "--json")

	replaceIn(t, s.config, "inFlight: 99", "inFlight: -1")
	for _, words := range [][]string{{"config", "reload", "--reason", "a slip"}, {"config", "diff", "--running"}} {
		// The command reads the file too, for keys and address, and so has to be pointed at a good one.
		out, complaints, code := command(t, "", append(words, "--config", before, "--as", "li", "--language", "en")...)
		if code != 1 || !strings.Contains(complaints, "the gateway refuses the file") || !strings.Contains(complaints, "line ") {
			t.Errorf("%q with a bad file: exit %d, %s%s", words, code, out, complaints)
		}
	}
	s.tells(1, "limits", "config", "diff", "--against", before)
	replaceIn(t, s.config, "inFlight: -1", "inFlight: 99")
	s.tells(0, "nothing changes", "config", "diff", "--running")
	for name, words := range map[string][]string{
		"nothing to compare": {"config", "diff"}, "two things": {"config", "diff", "--running", "--against", before},
	} {
		if out := s.run(1, "", words...); !strings.Contains(out, "either --against OLD or --running") {
			t.Errorf("%s: %s", name, out)
		}
	}
	if out, complaints, code := command(t, "", "config", "diff", "--running", "--as", "nobody", "--config", s.config); code == 0 {
		t.Errorf("an operator whom nobody knows: %s%s", out, complaints)
	}
	s.stop(t)
	records, complaint, code := program(t, nil, "records", "list", "--config", s.config, "--from", "0", "--count", "20")
	if got := strings.Count(records, "operators.reload"); got != 3 { // two that came into force and one that was refused
		t.Errorf("%d reloads are on record, want 3; exit %d, %s%s", got, code, records, complaint)
	}
}

// tells runs a command as li and wants an exit code and a text.
func (s *repairShop) tells(code int, want string, words ...string) {
	s.t.Helper()
	if out := s.run(code, "", words...); !strings.Contains(out, want) {
		s.t.Errorf("%q: no %q in\n%s", words, want, out)
	}
}
