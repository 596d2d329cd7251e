package demo_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

// TestNoPersonalNumberLeaves asks about every test citizen as every platform, with sources healthy and failing, and looks for each
// ID number in whatever a gateway shows or stores: log at debug level, metrics, problems, and the journal's folder, byte by byte.
func TestNoPersonalNumberLeaves(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	var problems bytes.Buffer
	for _, kind := range []fault.Kind{"", fault.ServerError, fault.Garbage, fault.Cut, fault.WrongPerson} {
		for _, source := range []string{"tmri", "suishenban", "zheliban", "suihaoban", "population"} {
			r.world.StandIns.Platform(source).Faults().Clear()
			if kind == "" {
				continue
			}
			if err := r.world.StandIns.Platform(source).Faults().Set(fault.Fault{Kind: kind}); err != nil {
				t.Fatal(err)
			}
		}
		platforms := []string{"suishenban", "thirdparty-mini"}
		if kind == "" {
			platforms = append(platforms, "zheliban", "jiaoguan12123")
		}
		r.askAll(t, platforms, &problems)
	}
	shown := map[string]string{"log": r.log.String(), "metrics": fetch(t, r.gateway.OpsURL()+"/metrics"), "problems": problems.String(), "journal": readAll(t, filepath.Join(r.dir, "journal"))}
	for place, text := range shown {
		if len(text) < 1000 {
			t.Errorf("%s has only %d bytes: nothing was looked at", place, len(text))
		}
		for _, citizen := range r.world.Citizens.All() {
			if strings.Contains(text, citizen.IDNumber) {
				t.Errorf("%s shows an ID number", place)
			}
		}
	}
}

// askAll sends a licence query of each persona as each of the platforms, and a broken one, and keeps the problems.
func (r *rig) askAll(t *testing.T, platforms []string, problems *bytes.Buffer) {
	t.Helper()
	for _, id := range platforms {
		caller := r.platform(t, id)
		for _, persona := range r.world.Citizens.Personas() {
			body := r.question(t, persona.Key, "licence")
			broken := bytes.Replace(body, []byte(`"name": `), []byte(`"nome": `), 1)
			for _, sent := range [][]byte{body, broken} {
				if reply := call(t, caller, "/v1/licences/query", sent); !reply.OK() {
					problems.Write(reply.Body)
				}
			}
		}
	}
}

func readAll(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all.WriteString(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
