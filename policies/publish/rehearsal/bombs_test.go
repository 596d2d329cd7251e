//go:build linux && !race

package rehearsal_test

import (
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/policies/publish/rehearsal"
)

// bomb is one entry of testdata/bombs.yaml.
type bomb struct {
	Rego, File, Text string
}

// decisionRego is the whole of policies that refuse everything, once the bomb's rule has been asked.
const decisionRego = `package zhengqiao.decision

result := {"allow": false, "reasons": {{"code": code, "rule": "r.x"}}, "grants": {}, "withheld": {}, "assurance": "none",
	"checkIdentity": true, "freshness": {"tier": "", "bound": 0, "onStale": "refuse", "rule": "r.f"}}

code := "nothing_visible" if {
	CONDITION
} else := "no_rule"
`

const bombCase = `own:
  request: {operation: licence.query, platform: suishenban, region: "310000", age: 35, wanted: [points]}
  expect: {allow: false, reasons: [no_rule]}
`

func withBomb(t *testing.T, b bomb) publish.Files {
	t.Helper()
	files, err := publish.FromFolder(policies.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for path := range files {
		if strings.HasSuffix(path, ".rego") || strings.HasPrefix(path, "cases/") || strings.HasPrefix(path, "matrix/") {
			delete(files, path) // what the shipped rules are held to is nothing that these are
		}
	}
	condition := "input.subjectAge < 0"
	if b.Rego != "" {
		condition = "data.zhengqiao.bomb.boom"
		files["bomb.rego"] = []byte("package zhengqiao.bomb\n\n" + grow(t, b.Rego) + "\n")
	}
	files["decision.rego"] = []byte(strings.Replace(decisionRego, "CONDITION", condition, 1))
	files["cases/own.yaml"] = []byte(bombCase)
	if b.File != "" {
		files[b.File] = []byte(grow(t, b.Text))
	}
	return files
}

var repeated = regexp.MustCompile(`(?s)\{\{(.*?)\*(\d+)\}\}`)

// grow replaces {{unit*times}}.
func grow(t *testing.T, text string) string {
	t.Helper()
	return repeated.ReplaceAllStringFunc(text, func(found string) string {
		parts := repeated.FindStringSubmatch(found)
		times, err := strconv.Atoi(parts[2])
		if err != nil {
			t.Fatal(err)
		}
		return strings.Repeat(parts[1], times)
	})
}

// small bounds are enough for small policies.
func small() rehearsal.Limits {
	return rehearsal.Limits{Memory: 300 << 20, CPU: time.Second, Wall: time.Minute, Decision: 200 * time.Millisecond}
}

// TestBombs: every bomb is refused, by check or by the bounds of the child, and the parent neither grows nor works.
func TestBombs(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("testdata/bombs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	bombs := map[string]bomb{}
	if err := yaml.UnmarshalWithOptions(content, &bombs, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	if len(bombs) < 40 {
		t.Errorf("only %d bombs", len(bombs))
	}
	calm := rehearsal.NewStage(os.Args[0], small(), nil)
	if _, err := calm.Rehearse(t.Context(), withBomb(t, bomb{}), withBomb(t, bomb{})); err != nil {
		t.Fatalf("policies without a bomb: %v", err)
	}
	var ways sync.Map
	t.Run("all", func(t *testing.T) {
		for name, b := range bombs {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				stage := rehearsal.NewStage(os.Args[0], small(), nil)
				verdict, err := stage.Rehearse(t.Context(), withBomb(t, bomb{}), withBomb(t, b))
				code := publish.CodeOf(err)
				if code != publish.NotInOrder && code != publish.Exhausted {
					t.Errorf("verdict %v, error %v", verdict, err)
				}
				ways.Store(code, true)
				t.Logf("%.200v", err)
			})
		}
	})
	for _, way := range []publish.Code{publish.NotInOrder, publish.Exhausted} {
		if _, ok := ways.Load(way); !ok {
			t.Errorf("no bomb ended by %s: the list has become tame", way)
		}
	}
	inBounds(t)
}

// inBounds looks at what this process, the parent, and the largest of its children have used.
func inBounds(t *testing.T) {
	t.Helper()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	if memory.HeapAlloc > 256<<20 {
		t.Errorf("the parent holds %d bytes", memory.HeapAlloc)
	}
	var children syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &children); err != nil {
		t.Fatal(err)
	}
	if most := int64(small().Memory)/1024 + 200<<10; children.Maxrss > most { // plus code and stacks
		t.Errorf("a child grew to %d KiB", children.Maxrss)
	}
}
