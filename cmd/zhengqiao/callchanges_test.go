package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestCallReportsAndReads reports a change as one platform and reads of it as another, from the shell.
func TestCallReportsAndReads(t *testing.T) {
	t.Parallel()
	_, config := newWorld(t)
	replaceIn(t, config, "\nreceivers:\n", "\nreceivers:\n  - {id: jiaoguan12123, kind: feed, region: \"000000\"}\n")
	gateway := serveProcess(t, config)
	report := fmt.Appendf(nil, `{"reportId":"r-1","subject":{"name":"张三","idNumber":"11010519491231002X"},"region":"310000","happenedAt":%q,"facts":{"replacements":1}}`,
		time.Now().Format(time.RFC3339))
	out, complaints, code := program(t, report, "call", "changes.report", "--config", config, "--as", "suishenban")
	if code != 0 || !strings.Contains(out, `"outcome": "accepted"`) {
		t.Fatalf("report: exit %d\n%s%s", code, out, complaints)
	}
	read := []string{"call", "changes.read", "--config", config, "--as", "jiaoguan12123"}
	look := time.NewTicker(100 * time.Millisecond) // the change is on its way: what is told is told after the answer
	defer look.Stop()
	for !strings.Contains(out, `"number": 1`) {
		<-look.C
		if out, complaints, code = program(t, nil, read...); code != 0 || t.Context().Err() != nil {
			t.Fatalf("read: exit %d\n%s%s", code, out, complaints)
		}
	}
	_, next, _ := strings.Cut(out, `"next": "`)
	next, _, _ = strings.Cut(next, `"`)
	if out, _, code := program(t, nil, append(read, "--after", next)...); code != 0 || !strings.Contains(out, `"changes": []`) || !strings.Contains(out, `"first": 2`) {
		t.Errorf("read behind %s: exit %d\n%s", next, code, out)
	}
	if out, _, code := program(t, nil, append(read, "--limit", "1", "--wait", "1")...); code != 0 || strings.Count(out, `"number"`) != 1 {
		t.Errorf("read one: exit %d\n%s", code, out)
	}
	if out, _, code := program(t, nil, append(read, "--limit", "501")...); code != exitProblem || !strings.Contains(out, "invalid-request") {
		t.Errorf("more than there may be: exit %d\n%s", code, out)
	}
	if out, _, code := program(t, nil, append(read, "--after", "x&limit=1")...); code != exitProblem || !strings.Contains(out, "invalid-request") {
		t.Errorf("a cursor that is none: exit %d\n%s", code, out)
	}
	gateway.stop(t)
}
