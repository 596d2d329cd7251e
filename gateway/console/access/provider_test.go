package access_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// provider is a small OpenID Connect provider that can be made to misbehave.
type provider struct {
	*httptest.Server
	key, other *ecdsa.PrivateKey
	claims     func(map[string]any)    // changes what an ID token says
	answer     func(map[string]any)    // changes the token answer
	forge      bool                    // signs by a key that it does not publish
	alg        jose.SignatureAlgorithm // "" ES256
	challenges map[string]request      // by code
	down       bool
	refuses    string        // code of an error that each exchange is answered with
	hold       chan struct{} // questions what it is wait for its end
	asked      chan struct{} // where each such question is told
}

type request struct{ challenge, nonce string }

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{challenges: map[string]request{}}
	for _, key := range []**ecdsa.PrivateKey{&p.key, &p.other} {
		made, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		*key = made
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discover)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": "line\n" + strings.Repeat("x", 4000)})
}

func send(w http.ResponseWriter, what any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(what)
}

func (p *provider) discover(w http.ResponseWriter, _ *http.Request) {
	if p.hold != nil {
		p.asked <- struct{}{}
		<-p.hold
	}
	if p.down {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	send(w, map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"ES256"}, "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
	})
}

func (p *provider) keys(w http.ResponseWriter, _ *http.Request) {
	send(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: "1", Algorithm: "ES256", Use: "sig"}}})
}

// authorize does what the provider's own pages do: it lets the visitor in and gives the query of the way back.
func (p *provider) authorize(to *url.URL) url.Values {
	asked := to.Query()
	p.challenges["code-1"] = request{asked.Get("code_challenge"), asked.Get("nonce")}
	return url.Values{"code": {"code-1"}, "state": {asked.Get("state")}}
}

func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	if p.refuses != "" {
		refuse(w, http.StatusUnauthorized, p.refuses)
		return
	}
	asked := p.challenges[r.FormValue("code")]
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if asked.challenge == "" || base64.RawURLEncoding.EncodeToString(sum[:]) != asked.challenge {
		refuse(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	now := time.Now()
	claims := map[string]any{
		"iss": p.URL, "aud": "console", "sub": "li.wei", "exp": now.Add(time.Minute).Unix(), "iat": now.Unix(), "nonce": asked.nonce,
		"groups": []string{"zq-operators", "canteen"},
	}
	if p.claims != nil {
		p.claims(claims)
	}
	answer := map[string]any{"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": p.sign(claims)}
	if p.answer != nil {
		p.answer(answer)
	}
	send(w, maps.Clone(answer))
}

func (p *provider) sign(claims map[string]any) string {
	var key any = p.key
	alg := jose.ES256
	if p.forge {
		key = p.other
	}
	if p.alg != "" {
		alg, key = p.alg, []byte("console-secret-console-secret-32")
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "1"))
	if err != nil {
		panic(err)
	}
	text, _ := json.Marshal(claims)
	signed, err := signer.Sign(text)
	if err != nil {
		panic(err)
	}
	compact, _ := signed.CompactSerialize()
	return compact
}
