package demo_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/zhengqiao/zhengqiao/client"
)

// TestPersonasShowWhatTheyPromise asks about each persona as the platform that personas.json names, with the ready question.
func TestPersonasShowWhatTheyPromise(t *testing.T) {
	t.Parallel()
	promised := map[string]string{
		"normal-shanghai": `"points":3`, "replaced-shanghai": `"replacements":1`, "over-limit-zhejiang": `"points":15`,
		"normal-zhejiang": `"points":0`, "expiring-guangdong": `"validity":"renewal-open"`, "expired": `"code":"M"`,
		"long-term": `"longTerm":true`, "long-term-blank": `"longTerm":true`, "rare-name": `"name":"𠮷㛃䶮"`,
		"minority-name": `"name":"阿卜杜热合曼·买买提吐尔逊"`, "unprocessed-violations": `"code":"H"`,
		"not-archived": `"code":"record-not-archived"`, "id-expired": `"code":"id-document-expired"`, "dead": `"code":"subject-deceased"`,
		"unknown-letter": `"mayDrive":"unknown"`, "probation": `"probation":true`, "elder": `"longTerm":true`, "relative": `"code":"A"`,
		"blocked-business": `"businessBlocked":true`, "no-licence": `"code":"no-such-record"`,
		"canary-shanghai": `"points":2`, "canary-zhejiang": `"points":2`, "canary-guangdong": `"points":2`,
	}
	verdicts := map[string]string{
		"normal-shanghai": "cannotTell", "canary-shanghai": "cannotTell", "over-limit-zhejiang": "notEligible", "unprocessed-violations": "notEligible", "probation": "notEligible",
	}
	r := start(t, nil)
	for _, persona := range r.world.Citizens.Personas() {
		reply := call(t, r.platform(t, persona.AskAs), "/v1/licences/query", r.question(t, persona.Key, "licence"))
		if want := promised[persona.Key]; want == "" || !bytes.Contains(reply.Body, []byte(want)) {
			t.Errorf("%s as %s: %d, want %s in %s", persona.Key, persona.AskAs, reply.Status, want, reply.Body)
		}
		reply = call(t, r.platform(t, persona.AskAs), "/v1/study/eligibility", r.question(t, persona.Key, "study"))
		if want := verdicts[persona.Key]; want != "" && verdictIn(t, reply) != want {
			t.Errorf("%s as %s: %d %s, want %s", persona.Key, persona.AskAs, reply.Status, reply.Body, want)
		}
		// What stops the question about the licence stops this one too.
		reply = call(t, r.platform(t, persona.AskAs), "/v1/violations/query", r.question(t, persona.Key, "violations"))
		if want := promised[persona.Key]; !reply.OK() && !bytes.Contains(reply.Body, []byte(want)) {
			t.Errorf("violations of %s as %s: %s", persona.Key, persona.AskAs, reply.Body)
		}
	}
}

// verdictIn gives the verdict of an answer about education, "" of a problem.
func verdictIn(t *testing.T, reply *client.Reply) string {
	t.Helper()
	var answer struct{ Study struct{ Verdict string } }
	if err := json.Unmarshal(reply.Body, &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Study.Verdict
}
