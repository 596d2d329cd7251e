package httpsig

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// moment is the time of every test that does not turn the clock.
const moment = 1775001600 // 2026-04-01T00:00:00Z

func at(seconds int64) func() time.Time {
	return func() time.Time { return time.Unix(seconds, 0) }
}

// bench is a client and a gateway that know each other, with fresh state.
type bench struct {
	client   *Signer
	gateway  *Signer
	ring     *keys.Ring
	nonces   *MemoryNonces
	config   VerifierConfig
	stranger *smcrypto.PrivateKey
}

// setup makes the parties: "suishenban" with a current, an expired, a future and
// a wrapping key, "weixin" with a key of its own, and the gateway.
func setup(t testing.TB) *bench {
	t.Helper()
	own, gateway, stranger := standardKey(t), newKey(t), newKey(t)
	day := 24 * time.Hour
	now := time.Unix(moment, 0)
	record := func(id, party, algorithm string, key *smcrypto.PrivateKey) keys.Record {
		return keys.Record{ID: id, Party: party, Algorithm: algorithm, Key: key.Public()}
	}
	old, next := record("old", "suishenban", keys.AlgorithmSign, own), record("next", "suishenban", keys.AlgorithmSign, own)
	old.NotAfter, next.NotBefore = now.Add(-day), now.Add(day)
	ring, err := keys.NewRing(old, next,
		record("suishenban-1", "suishenban", keys.AlgorithmSign, own),
		record("wrap", "suishenban", keys.AlgorithmWrap, own),
		record("weixin-1", "weixin", keys.AlgorithmSign, stranger),
		record("gw-1", "gateway", keys.AlgorithmSign, gateway))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{ring: ring, nonces: NewMemoryNonces(1000, at(moment)), stranger: stranger}
	b.client, b.gateway = newSigner(t, "suishenban-1", own), newSigner(t, "gw-1", gateway)
	b.config = VerifierConfig{Keys: ring, Nonces: b.nonces, Now: at(moment), Authorities: []string{"Gateway.example"}}
	return b
}

func (b *bench) verifier(t testing.TB) *Verifier {
	t.Helper()
	v, err := NewVerifier(b.config)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (b *bench) answers(t testing.TB) *AnswerVerifier {
	t.Helper()
	v, err := NewAnswerVerifier(b.ring, "gateway", at(moment))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func newSigner(t testing.TB, id string, key Key) *Signer {
	t.Helper()
	s, err := NewSigner(id, key, at(moment), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newKey(t testing.TB) *smcrypto.PrivateKey {
	t.Helper()
	key, err := smcrypto.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// standardKey is the published example of GB/T 32918.5-2017 A.2.
func standardKey(t testing.TB) *smcrypto.PrivateKey {
	t.Helper()
	d, err := hex.DecodeString("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
	if err != nil {
		t.Fatal(err)
	}
	key, err := smcrypto.NewPrivateKey(d)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// query is an unsigned licence query.
func query() Request {
	return Request{
		Method: http.MethodPost, Authority: "gateway.example", Path: "/v1/licences/query", RawQuery: "",
		Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"licence":"demo"}`),
	}
}

// signed is a query signed by the client.
func (b *bench) signed(t testing.TB) Request {
	t.Helper()
	r := query()
	if _, err := b.client.SignRequest(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

// resign puts a signature by hand over whatever Signature-Input says, as a
// client that deviates from the profile would: the signature itself is right.
func resign(t testing.TB, r *Request, key Key, inner string) {
	t.Helper()
	r.Header.Set(HeaderInput, Label+"="+inner)
	base, err := Explain(*r)
	if err != nil {
		t.Fatalf("explain %s: %v", inner, err)
	}
	signature, err := key.Sign(rand.Reader, []byte(base))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(HeaderSignature, byteMember(Label, signature))
}
