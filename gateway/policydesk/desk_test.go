package policydesk_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/client"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/policydesk"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk takes every bundle but the one that says so.
type desk struct{}

func (desk) Standing(context.Context) (any, error) { return map[string]string{"inForce": "1f"}, nil }

func (desk) Publish(_ context.Context, bundle []byte) (any, error) {
	if string(bundle) == "tampered" {
		return nil, &policydesk.Refusal{Code: "tampered", Text: exchange.Text{ZH: "不一致", EN: "not what was signed"}, Detail: "a.rego:3"}
	}
	return map[string]int{"bytes": len(bundle)}, nil
}

func (desk) Rollback(context.Context, []byte) (any, error) {
	return nil, errors.New("disk full at /var/lib")
}

const most = 1000

// serve starts a desk that knows one person, and gives that person's and a stranger's client. shown is given the handler.
func serve(t *testing.T, shown ...func(http.Handler)) (url string, known, stranger *client.Client) {
	t.Helper()
	pair := func() *smcrypto.PrivateKey {
		key, err := smcrypto.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	ring := func(id, party string, key *smcrypto.PrivateKey) *keys.Ring {
		r, err := keys.NewRing(keys.Record{ID: id, Party: party, Algorithm: keys.AlgorithmSign, Key: key.Public()})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	own, person := pair(), pair()
	verifier, err := httpsig.NewVerifier(httpsig.VerifierConfig{
		Keys: ring("li.wei-1", "li.wei", person), Nonces: httpsig.NewMemoryNonces(100, time.Now), Now: time.Now, Window: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	signer, err := httpsig.NewSigner("gateway-1", own, time.Now, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	handler := policydesk.New(desk{}, verifier, signer, slog.New(slog.DiscardHandler), most)
	for _, show := range shown {
		show(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	calls := func(key *smcrypto.PrivateKey) *client.Client {
		transport := &http.Transport{}
		t.Cleanup(transport.CloseIdleConnections)
		c, err := client.New(client.Config{BaseURL: server.URL, KeyID: "li.wei-1", Key: key, Gateway: ring("gateway-1", client.GatewayParty, own),
			HTTP: &http.Client{Transport: transport}, Now: time.Now, Random: rand.Reader})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	return server.URL, calls(person), calls(pair())
}

// TestDesk: what is answered is signed, a refusal says why in both languages, a failure says nothing of its cause, and who proves nothing
// learns nothing.
func TestDesk(t *testing.T) {
	t.Parallel()
	url, known, stranger := serve(t)
	for name, c := range map[string]struct {
		by     *client.Client
		path   string
		body   []byte
		status int
		words  string
	}{
		"standing":        {known, policydesk.StandingPath, nil, 200, `{"inForce":"1f"}`},
		"publication":     {known, policydesk.PublishPath, []byte("bundle"), 200, `{"bytes":6}`},
		"refusal":         {known, policydesk.PublishPath, []byte("tampered"), 422, `"detail":"a.rego:3","reasons":[{"code":"tampered","text":{"zh":"不一致"`},
		"failure":         {known, policydesk.RollbackPath, []byte("{}"), 500, `"code":"internal"}`},
		"another method":  {known, policydesk.StandingPath, []byte("{}"), 404, "not-found"},
		"another path":    {known, policydesk.Prefix + "/more", nil, 404, "not-found"},
		"a stranger":      {stranger, policydesk.StandingPath, nil, 401, "signature-invalid"},
		"a stranger asks": {stranger, policydesk.Prefix + "/more", nil, 401, "signature-invalid"},
		"a large body":    {known, policydesk.PublishPath, bytes.Repeat([]byte("x"), most+1), 413, "body-too-large"},
	} {
		reply, err := c.by.Call(t.Context(), c.path, c.body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if reply.Status != c.status || !strings.Contains(string(reply.Body), c.words) {
			t.Errorf("%s: %d %s, want %d with %s", name, reply.Status, reply.Body, c.status, c.words)
		}
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+policydesk.StandingPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a signature: %d", response.StatusCode)
	}
}
