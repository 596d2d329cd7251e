package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestRecords asks a real gateway, stops it, and holds what it answered against what it stored.
func TestRecords(t *testing.T) {
	t.Parallel()
	dir, config := newWorld(t)
	gateway := serveProcess(t, config)
	question, err := os.ReadFile(filepath.Join(dir, "questions", "normal-shanghai.licence.json"))
	if err != nil {
		t.Fatal(err)
	}
	ask := func(body []byte, more ...string) string {
		out, _, _ := program(t, body, append([]string{"call", "licence.query", "--config", config, "--as", "suishenban"}, more...)...)
		return out
	}
	answer := ask(question)
	sealed := ask(question, "--encrypt")
	problem := ask(bytes.Replace(question, []byte(`"self-query"`), []byte(`"qualification-check"`), 1))
	if _, complaints, code := program(t, nil, "records", "list", "--config", config); code != 1 || !strings.Contains(complaints, "stop it first") {
		t.Errorf("while the gateway runs: exit %d %s", code, complaints)
	}
	gateway.stop(t)

	records := func(stdin string, args ...string) (string, string, int) {
		return program(t, []byte(stdin), append([]string{"records", "--config", config}, args...)...)
	}
	for name, kept := range map[string]string{"answer": answer, "answer in an envelope": sealed, "problem": problem} {
		out, complaints, code := records(kept, "verify", "--receipt", "-")
		if code != 0 || strings.Contains(out, "NO ") || !strings.Contains(out, "suishenban signed the question with its key suishenban-1") {
			t.Errorf("%s: exit %d\n%s%s", name, code, out, complaints)
		}
	}
	for name, kept := range map[string]string{
		"points changed":    strings.Replace(answer, `"points": 3`, `"points": 0`, 1),
		"another's receipt": answer[:strings.LastIndex(answer, `"receipt"`)] + problem[strings.LastIndex(problem, `"receipt"`):],
		"outcome changed":   strings.Replace(problem, `"code": "policy-refused"`, `"code": "source-down"`, 1),
		"index unknown":     strings.Replace(answer, `"index": `+strconv.Itoa(indexOf(t, answer)), `"index": 4711`, 1),
	} {
		if out, complaints, code := records(kept, "verify", "--receipt", "-"); code != exitMismatch {
			t.Errorf("%s: exit %d\n%s%s", name, code, out, complaints)
		}
	}
	if _, complaints, code := records("{}", "verify", "--receipt", "-"); code != 1 || !strings.Contains(complaints, "no answer or problem with a receipt") {
		t.Errorf("no receipt: exit %d %s", code, complaints)
	}
	showsRecords(t, records, indexOf(t, answer))
}

func indexOf(t *testing.T, answer string) int {
	t.Helper()
	var read struct{ Receipt struct{ Index int } }
	if err := json.Unmarshal([]byte(answer), &read); err != nil {
		t.Fatalf("%v in %s", err, answer)
	}
	return read.Receipt.Index
}

func showsRecords(t *testing.T, records func(string, ...string) (string, string, int), index int) {
	t.Helper()
	const person = `"idNumber"`
	if out, complaints, code := records("", "show", strconv.Itoa(index)); code != 0 || strings.Contains(out, person+": \"3") || strings.Contains(out, "sealed") ||
		!strings.Contains(out, `"outcome": "answered"`) {
		t.Errorf("show: exit %d\n%s%s", code, out, complaints)
	}
	if out, complaints, code := records("", "show", strconv.Itoa(index), "--unseal"); code != 0 || !strings.Contains(out, "沈嘉宁") || !strings.Contains(out, "@signature-params") {
		t.Errorf("show --unseal: exit %d\n%s%s", code, out, complaints)
	}
	if out, _, code := records("", "list", "--count", "2"); code != 0 || strings.Count(out, "\n") != 2 || !strings.Contains(out, `"purpose":"self-query"`) {
		t.Errorf("list: exit %d\n%s", code, out)
	}
	if out, _, code := records("", "list", "--platform", "zheliban"); code != 0 || out != "" {
		t.Errorf("list of a platform that never asked: exit %d\n%s", code, out)
	}
	if _, complaints, code := records("", "show", "99"); code != 1 || !strings.Contains(complaints, "the journal holds 3 records") {
		t.Errorf("show of an index never given out: exit %d %s", code, complaints)
	}
}
