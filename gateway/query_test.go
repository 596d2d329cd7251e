package gateway_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

func TestSignedLicenceQueryIsAnswered(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := testdata(t, "licence.json")
	got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", body))
	if got.status != 200 {
		t.Fatalf("status %d: %s", got.status, got.body)
	}
	var answer struct {
		Licence map[string]any
		Masked  []string
	}
	if err := json.Unmarshal(got.body, &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Licence["points"] != 3.0 || answer.Licence["mayDrive"] != "no" || answer.Licence["name"] != "*三" {
		t.Errorf("the licence came out as %v", answer.Licence)
	}
	record := r.desk.recorded()[0]
	if record.Outcome != exchange.Answered || record.Platform != "suishenban" || !bytes.Equal(record.Body, body) {
		t.Errorf("recorded as %s of %s", record.Outcome, record.Platform)
	}
	if record.ID != got.header.Get("X-Request-Id") {
		t.Error("the record and the answer have different ids")
	}
}

// Anybody who holds an answer can find it in the log: the record's digest is that of the body without its last member.
func TestReceiptIsTheLastMemberAndTheDigestFollows(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json")))
	cut := bytes.LastIndex(got.body, []byte(`,"receipt":{`))
	if cut < 0 || got.body[len(got.body)-1] != '}' || bytes.Count(got.body[cut:], []byte("}")) != 2 {
		t.Fatalf("the receipt is not the last member: %s", got.body)
	}
	digest := smcrypto.SM3(append(bytes.Clone(got.body[:cut]), '}'))
	if want := r.desk.recorded()[0].AnswerDigest; hex.EncodeToString(digest[:]) != want {
		t.Errorf("digest %x, recorded %s", digest, want)
	}
}

// A clock that runs ahead of ours by no more than signatures may is no reason to refuse: policy, which asks that the
// authentication has happened, is told the moment of the request.
func TestAuthenticationByAClockAheadCountsAsNow(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]time.Time{
		"2026-11-24T09:30:00+08:00": testNow(), "2026-11-24T09:30:00.5+08:00": testNow(), "2026-11-24T01:31:00Z": testNow(),
		"2026-11-24T09:29:00+08:00": testNow().Add(-time.Minute), "1900-01-01T00:00:00-08:00": time.Date(1900, 1, 1, 8, 0, 0, 0, time.UTC),
	} {
		r := newRig(t)
		var told exchange.DecisionRequest
		r.desk.decision = func(request exchange.DecisionRequest) (exchange.Decision, error) {
			told = request
			return grantAll(request)
		}
		body := bytes.Replace(testdata(t, "licence.json"), []byte("2026-11-24T09:29:00+08:00"), []byte(at), 1)
		if got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", body)); got.status != 200 {
			t.Errorf("%s: status %d: %s", at, got.status, got.body)
			continue
		}
		if got := told.Authentications[0].At; got != want || got.After(told.Now) {
			t.Errorf("%s: policy was told %s", at, got)
		}
	}
}
