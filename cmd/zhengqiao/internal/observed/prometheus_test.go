package observed_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/deploy/grafana"
)

// prometheus is a running one; nil: this machine has none.
type prometheus struct{ url string }

const settings = `
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [%s/*.yaml]
scrape_configs:
  - job_name: zhengqiao
    static_configs: [{targets: ["%s"]}]
`

// startPrometheus runs one that scrapes the target, with the rules as they are shipped, until the test ends.
func startPrometheus(t *testing.T, listen, target string) *prometheus {
	t.Helper()
	path, err := exec.LookPath("prometheus")
	if err != nil {
		return nil
	}
	rules, err := filepath.Abs(root + "deploy/prometheus/rules")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "prometheus.yml")
	if err := os.WriteFile(file, fmt.Appendf(nil, settings, rules, target), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	run := exec.CommandContext(ctx, path, "--config.file="+file, "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+listen, "--enable-feature=exemplar-storage")
	var log bytes.Buffer
	run.Stderr = &log
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		_ = run.Wait() // it was killed
		if t.Failed() {
			t.Log(log.String())
		}
	})
	return &prometheus{"http://" + listen}
}

// check holds every query that is shipped to the gateway that runs.
func (p *prometheus) check(t *testing.T, ctx context.Context) {
	program(t, "prometheus")
	p.await(t, ctx, "it scrapes", func() bool { return len(p.query(t, ctx, `up{job="zhengqiao"} == 1`)) == 1 })
	p.await(t, ctx, "the rules are evaluated", func() bool { return p.rulesAreWell(t, ctx) })
	known := readManual(t)
	for _, query := range p.rules(t, ctx) {
		checkNames(t, query, known)
	}
	for _, row := range grafana.Rows() {
		for _, panel := range row.Panels {
			for _, series := range panel.Series {
				checkNames(t, series.Query, known)
				query := strings.NewReplacer("$instance", ".*", "$platform", ".*").Replace(series.Query)
				if series.Rare {
					p.query(t, ctx, query)
					continue
				}
				p.await(t, ctx, "there is something for "+query, func() bool { return len(p.query(t, ctx, query)) > 0 })
			}
		}
	}
}

// patience bounds the wait for what a scrape or two must bring, on a machine that does much else.
const patience = time.Minute

func (p *prometheus) await(t *testing.T, ctx context.Context, what string, there func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	for !there() {
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Errorf("not: %s", what)
			return
		}
	}
}

// get decodes an answer of the HTTP API; false while it doesn't answer yet.
func (p *prometheus) get(t *testing.T, ctx context.Context, path string, into any) bool {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	var answer struct {
		Status, Error string
		Data          json.RawMessage
	}
	if response.StatusCode == http.StatusServiceUnavailable {
		return false
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.Status != "success" {
		t.Fatalf("%s: %v %s", path, err, answer.Error)
	}
	return json.Unmarshal(answer.Data, into) == nil
}

func (p *prometheus) query(t *testing.T, ctx context.Context, query string) []any {
	t.Helper()
	var found struct{ Result []any }
	p.get(t, ctx, "/api/v1/query?query="+url.QueryEscape(query), &found)
	return found.Result
}

type rules struct {
	Groups []struct {
		Rules []struct{ Name, Query, Health, LastError string }
	}
}

// rulesAreWell reports whether every rule was evaluated without an error.
func (p *prometheus) rulesAreWell(t *testing.T, ctx context.Context) bool {
	t.Helper()
	var all rules
	p.get(t, ctx, "/api/v1/rules", &all)
	count := 0
	for _, group := range all.Groups {
		for _, rule := range group.Rules {
			if rule.Health == "err" {
				t.Fatalf("%s: %s", rule.Name, rule.LastError)
			}
			if rule.Health == "ok" {
				count++
			}
		}
	}
	return count > 20
}

func (p *prometheus) rules(t *testing.T, ctx context.Context) (queries []string) {
	t.Helper()
	var all rules
	p.get(t, ctx, "/api/v1/rules", &all)
	for _, group := range all.Groups {
		for _, rule := range group.Rules {
			queries = append(queries, rule.Query)
		}
	}
	return queries
}

var (
	selector = regexp.MustCompile(`\b(zhengqiao_[a-z_]+)(?:\{([^}]*)\})?`)
	matcher  = regexp.MustCompile(`([a-z_]+)\s*(?:=~|!=|!~|=)`)
	grouping = regexp.MustCompile(`\b(?:by|on) ?\(([a-z_, ]+)\)`)
)

// checkNames finds metrics and labels that no gateway has: a query with one is silent for ever.
func checkNames(t *testing.T, query string, known map[string]described) {
	t.Helper()
	labels := []string{"job", "instance", "le"}
	for _, found := range selector.FindAllStringSubmatch(query, -1) {
		metric, is := known[base(found[1])]
		if !is {
			t.Errorf("no gateway has %s, of %s", found[1], query)
		}
		for _, matched := range matcher.FindAllStringSubmatch(found[2], -1) {
			if !slices.Contains(append([]string{"job", "instance"}, metric.labels...), matched[1]) {
				t.Errorf("%s has no label %s, of %s", found[1], matched[1], query)
			}
		}
		labels = append(labels, metric.labels...)
	}
	for _, found := range grouping.FindAllStringSubmatch(query, -1) {
		for _, label := range strings.Split(found[1], ",") {
			if !slices.Contains(labels, strings.TrimSpace(label)) {
				t.Errorf("nothing has the label %s, of %s", label, query)
			}
		}
	}
}

// base gives the metric behind the series of a histogram.
func base(name string) string {
	for _, suffix := range []string{"_bucket", "_sum", "_count"} {
		if cut, is := strings.CutSuffix(name, suffix); is {
			return cut
		}
	}
	return name
}
