package gateway_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"testing"

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
