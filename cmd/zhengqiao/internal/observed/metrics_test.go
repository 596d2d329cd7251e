package observed_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
)

const (
	root   = "../../../../"
	manual = root + "docs/metrics.md"
)

// described is a metric as the manual has it.
type described struct {
	kind   string
	labels []string // sorted
}

var row = regexp.MustCompile("(?m)^\\| `(zhengqiao_[a-z_]+)` \\| ([a-z]+) \\|([^|]*)\\| .+ \\|$")

// readManual gives the manual's table.
func readManual(t *testing.T) map[string]described {
	t.Helper()
	text, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]described{}
	for _, found := range row.FindAllStringSubmatch(string(text), -1) {
		labels := regexp.MustCompile("[a-z_]+").FindAllString(found[3], -1)
		slices.Sort(labels)
		all[found[1]] = described{found[2], labels}
	}
	return all
}

// families gives what the gateway shows, its own metrics only.
func families(t *testing.T, ctx context.Context, url string) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	all, err := parser.TextToMetricFamilies(strings.NewReader(fetch(t, ctx, url, "text/plain")))
	if err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(all, func(name string, _ *dto.MetricFamily) bool { return !strings.HasPrefix(name, "zhengqiao_") })
	return all
}

func labelsOf(family *dto.MetricFamily) []string {
	var labels []string
	for _, pair := range family.Metric[0].Label {
		labels = append(labels, pair.GetName())
	}
	slices.Sort(labels)
	return labels
}

// checkMetrics holds the manual to the gateway, both ways: what is shown is described, and what is described is shown, or at least
// somewhere in the code, since not every gateway has polls, front-end databases and troubles.
func checkMetrics(t *testing.T, ctx context.Context, url string) {
	manual, shown := readManual(t), families(t, ctx, url)
	for name, family := range shown {
		got := described{strings.ToLower(family.GetType().String()), labelsOf(family)}
		want, known := manual[name]
		if !known || got.kind != want.kind || !slices.Equal(got.labels, want.labels) {
			t.Errorf("docs/metrics.md has %v for %s, want a row\n| `%s` | %s | %s | %s |", want, name, name, got.kind, ticked(got.labels), family.GetHelp())
		}
	}
	if len(shown) < 20 {
		t.Errorf("only %d metrics are shown", len(shown))
	}
	code := sources(t)
	for name := range manual {
		if shown[name] == nil && !named(code, name) {
			t.Errorf("docs/metrics.md describes %s, which is nowhere", name)
		}
	}
	for _, found := range regexp.MustCompile(`(?:Name: |NewDesc\()\s*"(zhengqiao_[a-z_]+[a-z])"`).FindAllStringSubmatch(code, -1) {
		if _, known := manual[found[1]]; !known {
			t.Errorf("docs/metrics.md does not describe %s", found[1])
		}
	}
}

// named finds a metric's name in the code, whole or in two parts, such as "zhengqiao_quota_"+"waiting".
func named(code, name string) bool {
	for i := range name {
		if name[i] == '_' && strings.Contains(code, `"`+name[:i+1]+`"`) && strings.Contains(code, `"`+name[i+1:]+`"`) {
			return true
		}
	}
	return strings.Contains(code, `"`+name+`"`)
}

func ticked(labels []string) string {
	var all []string
	for _, label := range labels {
		all = append(all, "`"+label+"`")
	}
	return strings.Join(all, ", ")
}

// sources gives the program's code, tests apart.
func sources(t *testing.T) string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "ls-files", "*.go")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatalf("list the code: %v", err)
	}
	var all strings.Builder
	for _, name := range strings.Fields(string(out)) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// checkExemplars finds the trace of a request in its duration, for who asks for OpenMetrics.
func checkExemplars(t *testing.T, ctx context.Context, url string) {
	text := fetch(t, ctx, url, "application/openmetrics-text; version=1.0.0")
	for _, histogram := range []string{"zhengqiao_request_duration_seconds", "zhengqiao_source_duration_seconds", "zhengqiao_outbound_duration_seconds"} {
		if !regexp.MustCompile(histogram + `_bucket\{[^}]*\} \d+ # \{trace_id="[0-9a-f]{32}"\}`).MatchString(text) {
			t.Errorf("%s carries no trace", histogram)
		}
	}
	if strings.Contains(fetch(t, ctx, url, "text/plain"), "trace_id") {
		t.Error("the plain form, which has no exemplars, shows some")
	}
}

// checkBounds sends what a stranger may invent, and finds that no series grows from it, and no label that isn't a name or a code.
func checkBounds(t *testing.T, ctx context.Context, gateway *app.App, w *demo.World) {
	count := func() (series int) {
		for _, family := range families(t, ctx, gateway.OpsURL()+"/metrics") {
			series += len(family.Metric)
		}
		return series
	}
	hostile := func(i int) {
		id := w.Citizens.All()[i%len(w.Citizens.All())].IDNumber
		request, err := http.NewRequestWithContext(ctx, fmt.Sprintf("M%d", i), gateway.URL()+"/v1/"+id, bytes.NewReader([]byte(id)))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Signature-Input", fmt.Sprintf(`sig=("@method");keyid="%s"`, id))
		request.Close = true
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
	}
	hostile(0)
	before := count()
	for i := range 50 {
		hostile(i)
	}
	if after := count(); after > before+4 { // series of background work may begin meanwhile
		t.Errorf("%d series before, %d after requests that a stranger invented", before, after)
	}
	name := regexp.MustCompile(`^[A-Za-z0-9_.:+()/, -]{0,100}$`)
	for family, shown := range families(t, ctx, gateway.OpsURL()+"/metrics") {
		for _, metric := range shown.Metric {
			for _, label := range metric.Label {
				if !name.MatchString(label.GetValue()) {
					t.Errorf("%s has the label %s=%q", family, label.GetName(), label.GetValue())
				}
			}
		}
	}
}
