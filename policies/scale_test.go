package policies_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/policies"
)

// BenchmarkDecideAtScale decides by some 200 rules over 50,000 rows of data, which is far more than the shipped policies have: each of
// the further rules reads the request and looks up a row. It reports the 99th percentile of single decisions, recalled ones and such
// as are decided anew.
func BenchmarkDecideAtScale(b *testing.B) {
	engine := newEngine(b, changed(b, map[string]string{"scale.rego": scaleRules(150), "data/announcers.yaml": scaleRows(b, 50_000),
		"subject.rego": scaleSubject(b)}))
	for name, fresh := range map[string]bool{"recalled": false, "anew": true} {
		b.Run(name, func(b *testing.B) {
			request := ownQuery()
			took := make([]time.Duration, 0, 1<<16)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				request.Now = request.Now.Add(time.Millisecond)
				request.Authentications[0].At = request.Now.Add(-time.Minute)
				if fresh {
					request.Purpose.Matter = fmt.Sprintf("31%07d", i)
				}
				began := time.Now()
				decision, err := engine.Decide(b.Context(), request)
				if err != nil || !decision.Allow {
					b.Fatal(decision.Reasons, err)
				}
				if len(took) < cap(took) {
					took = append(took, time.Since(began))
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}

// scaleRules are rules that all have to be looked at: each forbids a matter, unless a row allows it.
func scaleRules(count int) string {
	var text strings.Builder
	text.WriteString("package zhengqiao.scale\n\ndefault barred := false\n\nbarred if some_bar\n\n")
	for i := range count {
		fmt.Fprintf(&text, "some_bar if {\n\tinput.purpose.matter == \"bar-%d\"\n\tinput.subjectAge > %d\n\tnot data.reporters[input.purpose.matter]\n}\n\n", i, i%90)
	}
	text.WriteString("known if data.reporters[input.purpose.matter].standing\n\nknown if not data.reporters[input.purpose.matter]\n")
	return text.String()
}

func scaleRows(b *testing.B, count int) string {
	b.Helper()
	content, err := policies.Embedded().Open("data/announcers.yaml")
	if err != nil {
		b.Fatal(err)
	}
	defer content.Close()
	var text strings.Builder
	buffer := make([]byte, 64<<10)
	n, _ := content.Read(buffer)
	text.Write(buffer[:n])
	for i := range count {
		fmt.Fprintf(&text, "  \"row-%d\": {standing: province, region: \"310000\"}\n", i)
	}
	return text.String()
}

// scaleSubject has the shipped ground ask the further rules too.
func scaleSubject(b *testing.B) string {
	b.Helper()
	content := builtInFiles(b, ".", nil)["subject.rego"].Data
	text := string(content)
	text = strings.Replace(text, "\naccepted if request.few_vehicles\n",
		"\naccepted if {\n\trequest.few_vehicles\n\tnot data.zhengqiao.scale.barred\n\tdata.zhengqiao.scale.known\n}\n", 1)
	if !strings.Contains(text, "scale.known") {
		b.Fatalf("subject.rego has no such rule:\n%s", text)
	}
	return text
}
