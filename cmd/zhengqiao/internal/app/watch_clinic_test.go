package app_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/exchange"
	switches "github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/watch"
	"github.com/zhengqiao/zhengqiao/watch/doctor"
)

// clinic opens the tests of a demo's adapters, with its canaries.
func clinic(t *testing.T) (*app.Clinic, *demo.World, string) {
	t.Helper()
	dir := t.TempDir()
	world, err := demo.NewWorld(dir, "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = world.Close() })
	if err := world.AddCanaries(); err != nil {
		t.Fatal(err)
	}
	settings, err := config.Load(world.ConfigPath(), nil)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := app.OpenClinic(settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	return opened, world, dir
}

func TestEveryAdapterOfTheDemoIsWell(t *testing.T) {
	t.Parallel()
	k, world, _ := clinic(t)
	for _, id := range k.Adapters() {
		report, err := k.Test(t.Context(), id)
		if asked := id != "zheliban-sharing"; err != nil || report.Failed() || report.Passed() != asked { // it has no canary
			t.Errorf("%s: %v, %+v", id, err, report)
		}
	}
	if _, err := k.Test(t.Context(), "nobody"); exchange.CodeOf(err) != exchange.NotFound {
		t.Error(err)
	}
	if err := world.StandIns.Platform("suihaoban").Faults().Set(switches.Fault{Kind: switches.ClockSkew, Duration: 600e9}); err != nil {
		t.Fatal(err)
	}
	report, err := k.Test(t.Context(), "suihaoban")
	if err != nil || report.Steps[4].State != doctor.Failed || report.Steps[4].Layer != watch.LayerClock {
		t.Errorf("%v, %+v", err, report)
	}
}

// TestTheBundleGivesNothingAway holds it against every secret of the folder, the canaries' persons and a number that a log might hold.
func TestTheBundleGivesNothingAway(t *testing.T) {
	t.Parallel()
	k, world, dir := clinic(t)
	var reports []doctor.Report
	for _, id := range []string{"tmri", "population", "zheliban"} {
		report, err := k.Test(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, report)
	}
	var packed bytes.Buffer
	if err := k.Bundle(&packed, reports, []byte("someone's "+world.Citizens.Personas()[0].IDNumber+" in a label\n")); err != nil {
		t.Fatal(err)
	}
	text := unpacked(t, &packed)
	for _, wanted := range []string{"reports.json", "lights.json", "errors.json", "metrics.txt", "configuration.yaml", "versions.txt", "kind: tmri", "jkxlh: file:keys/tmri.serial"} {
		if !strings.Contains(text, wanted) {
			t.Errorf("the bundle lacks %s", wanted)
		}
	}
	secrets := []string{"requesterId: zhengqiao", "yhxm: 政桥", "# Who is asked"}
	for _, persona := range world.Citizens.Personas() {
		secrets = append(secrets, persona.IDNumber, persona.Name)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "keys", "*"))
	for _, file := range files {
		if !strings.HasSuffix(file, ".pub.pem") {
			if secret := strings.TrimSpace(readText(t, file)); secret != "" {
				secrets = append(secrets, secret)
			}
		}
	}
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			t.Errorf("the bundle holds %q", secret)
		}
	}
}

// unpacked gives the names and texts of all files in one.
func unpacked(t *testing.T, packed io.Reader) string {
	t.Helper()
	plain, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for archive := tar.NewReader(plain); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return all.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(header.Name + "\n")
		if _, err := io.Copy(&all, archive); err != nil {
			t.Fatal(err)
		}
	}
}
