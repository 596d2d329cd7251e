package archtest

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/zhengqiao/zhengqiao/"

// mayImport says, for each room, which of our other rooms it may import. A room covers the packages below it, which may
// import one another. cmd/zhengqiao may import everything.
var mayImport = map[string][]string{
	"exchange":           {},
	"internal/smcrypto":  {},
	"internal/journal":   {},
	"specs":              {},
	"policies":           {"exchange"},
	"policies/publish":   {"exchange", "policies", "internal/smcrypto"},
	"evidence":           {"exchange", "internal/smcrypto", "internal/journal"},
	"changefeed":         {"exchange", "internal/journal"},
	"casework":           {"exchange", "internal/journal"},
	"breakglass":         {"exchange", "internal/journal"},
	"watch":              {"exchange"},
	"adapters/outbound":  {"exchange", "internal/smcrypto"},
	"adapters/row":       {"exchange"},
	"adapters/*":         {"exchange", "adapters/outbound", "adapters/row", "internal/smcrypto"},
	"adapters":           {"exchange", "adapters/*", "adapters/outbound"},
	"gateway/api":        {},
	"gateway":            {"exchange", "evidence", "casework", "changefeed", "gateway/api", "specs", "internal/smcrypto", "watch", "breakglass"},
	"gateway/console":    {"exchange", "evidence", "changefeed", "internal/smcrypto", "watch"},
	"client":             {"specs", "internal/smcrypto"},
	"simulators":         {},
	"internal/archtest":  {},
	"internal/freeport":  {},
	"internal/pgtest":    {},
	"internal/telemetry": {"exchange"},
	"deploy":             {},
	"scripts":            {},
}

// onlyIn says which room alone may import a library.
var onlyIn = map[string][]string{
	"github.com/emmansun/gmsm":              {"internal/smcrypto", "simulators"}, // a stand-in shares nothing with us
	"github.com/nats-io/":                   {"internal/journal"},
	"github.com/open-policy-agent/opa":      {"policies"},
	"github.com/labstack/echo":              {"gateway", "gateway/api"},
	"github.com/hashicorp/go-retryablehttp": {"adapters/outbound"},
	"github.com/failsafe-go/":               {"adapters/outbound"},
	"github.com/spf13/cobra":                {"cmd/zhengqiao"},
	"github.com/jackc/pgx":                  {"adapters/frontdb"},
	"go.opentelemetry.io/":                  {"internal/telemetry"},
	"github.com/coreos/go-oidc":             {"gateway/console"},
	"golang.org/x/oauth2":                   {"gateway/console"},
	"github.com/goccy/go-yaml":              {"cmd/zhengqiao", "policies", "specs", "simulators"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func TestImportsFollowTheTable(t *testing.T) {
	t.Parallel()
	for _, pkg := range packages(t) {
		from := room(strings.TrimPrefix(pkg.ImportPath, module))
		for _, imported := range pkg.Imports {
			if ours, ok := strings.CutPrefix(imported, module); ok {
				checkRoom(t, from, room(ours))
			} else {
				checkLibrary(t, from, imported)
			}
		}
	}
}

func checkRoom(t *testing.T, from, to string) {
	if from == to || from == "cmd/zhengqiao" {
		return
	}
	allowed, known := mayImport[from]
	if strings.HasPrefix(from, "adapters/") && !known {
		allowed, known = mayImport["adapters/*"], true
	}
	switch {
	case !known:
		t.Errorf("room %s is not in the table", from)
	case !slices.Contains(allowed, to) && !(slices.Contains(allowed, "adapters/*") && strings.HasPrefix(to, "adapters/")):
		t.Errorf("%s imports %s, which the table doesn't allow", from, to)
	}
}

func checkLibrary(t *testing.T, from, imported string) {
	for library, rooms := range onlyIn {
		if strings.HasPrefix(imported, library) && !slices.Contains(rooms, from) {
			t.Errorf("%s imports %s, which only %v may know", from, imported, rooms)
		}
	}
}

// room gives the room that a package below the module lies in.
func room(pkg string) string {
	if strings.HasPrefix(pkg, "adapters/") {
		parts := strings.Split(pkg, "/")
		return strings.Join(parts[:2], "/")
	}
	best := ""
	for _, known := range append(rooms(), "cmd/zhengqiao") {
		if (pkg == known || strings.HasPrefix(pkg, known+"/")) && len(known) > len(best) {
			best = known
		}
	}
	return cmp.Or(best, pkg)
}

func rooms() []string {
	var all []string
	for known := range mayImport {
		all = append(all, known)
	}
	return all
}

// packages lists every package of the module with what its code, tests apart, imports.
func packages(t *testing.T) []goPackage {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", module+"...")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var pkg goPackage
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, pkg)
	}
	if len(all) < 10 {
		t.Fatalf("go list gave only %d packages", len(all))
	}
	return all
}
