package access

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

// entrance is a console.Entrance. It keeps nothing of an attempt: the visitor's browser does, in a cookie that goes to this console only.
type entrance struct {
	provider Provider
	client   *http.Client

	seen atomic.Pointer[discovered] // nil: the provider has not answered yet
}

// discovered is what the provider says of itself.
type discovered struct {
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
}

// known gives what is known of the provider, asking it if nobody has yet. The keys are read anew when one is unknown. Nobody waits for
// another's question: visitors who come at once may ask alike, and the last answer stays.
func (e *entrance) known(ctx context.Context) (*discovered, error) {
	if seen := e.seen.Load(); seen != nil {
		return seen, nil
	}
	// The context lives on in the provider, which reads keys by it later.
	provider, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), e.client), e.provider.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: discover: %s", errProvider(), clipped(err.Error()))
	}
	seen := &discovered{
		oauth: oauth2.Config{
			ClientID: e.provider.ClientID, ClientSecret: e.provider.ClientSecret, Endpoint: provider.Endpoint(), RedirectURL: e.provider.Return,
			Scopes: append([]string{oidc.ScopeOpenID}, e.provider.Scopes...),
		},
		verifier: provider.Verifier(&oidc.Config{ClientID: e.provider.ClientID, Now: e.provider.Clock}),
	}
	e.seen.Store(seen)
	return seen, nil
}

// attempt is one way to the provider and back.
type attempt struct{ State, Nonce, Verifier, Back string }

// attemptTime is how long the provider's own pages may take.
const attemptTime = 10 * time.Minute

func (e *entrance) cookie(value string, age time.Duration) *http.Cookie {
	name := "zhengqiao-enter"
	if e.provider.Secure {
		name = "__Host-" + name
	}
	// Lax, since the visitor comes back by a link of another site. Only state, nonce and verifier of one attempt are in it.
	return &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: e.provider.Secure, SameSite: http.SameSiteLaxMode, MaxAge: int(age.Seconds())}
}

func (e *entrance) remember(w http.ResponseWriter, a attempt) error {
	text, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("remember an attempt: %w", err)
	}
	http.SetCookie(w, e.cookie(base64.RawURLEncoding.EncodeToString(text), attemptTime))
	return nil
}

// recall gives the attempt that the request ends, once.
func (e *entrance) recall(w http.ResponseWriter, r *http.Request) (attempt, error) {
	var a attempt
	kept, err := r.Cookie(e.cookie("", 0).Name)
	if err != nil {
		return a, stranger("no attempt was begun in this browser")
	}
	http.SetCookie(w, e.cookie("", -time.Second))
	text, err := base64.RawURLEncoding.DecodeString(kept.Value)
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	if err != nil || a.State == "" || a.Nonce == "" || a.Verifier == "" {
		return a, stranger("the attempt can't be read")
	}
	if subtle.ConstantTimeCompare([]byte(a.State), []byte(r.URL.Query().Get("state"))) != 1 {
		return a, stranger("the answer is of another attempt")
	}
	return a, nil
}

// mostAnswer bounds what a provider may answer; its documents have some kilobytes.
const mostAnswer = 1 << 20

// bounded cuts off what is longer.
type bounded struct{ inner http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.inner.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, mostAnswer), answer.Body}
	}
	return answer, err
}

func errProvider() error {
	return &console.Fault{Status: http.StatusBadGateway, Text: watch.Text{
		Zh: "身份提供方没有应答，请稍后再试。", En: "The identity provider does not answer. Try again in a moment.",
	}}
}
