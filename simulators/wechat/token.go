package wechat

import (
	"crypto/subtle"
	"net/http"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

const (
	tokenLife = 7200 * time.Second
	// overlap is how long the token before stays good when a new one is handed out.
	overlap = 5 * time.Minute
)

// tokens are the access tokens handed out.
type tokens struct {
	mint standin.Mint
	mu   sync.Mutex
	held map[string]token
}

type token struct {
	appID string
	ends  time.Time
}

// token hands out an access token.
func (p *platform) token(call standin.Call) standin.Reply {
	query := call.Request.URL.Query()
	secret, known := p.config.Apps[query.Get("appid")]
	switch {
	case call.Request.Method != http.MethodGet:
		return fail(call, 43001, "require GET method")
	case query.Get("grant_type") != "client_credential":
		return fail(call, 40002, "invalid grant_type")
	case !known:
		return fail(call, errorAppID, "invalid appid")
	case subtle.ConstantTimeCompare([]byte(secret), []byte(query.Get("secret"))) != 1:
		return fail(call, errorSecret, "invalid appsecret")
	}
	return standin.JSON(call, http.StatusOK, map[string]any{
		"access_token": p.tokens.open(query.Get("appid"), call.Now), "expires_in": int(tokenLife.Seconds()),
	})
}

func (t *tokens) open(appID string, now time.Time) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held == nil {
		t.held = map[string]token{}
	}
	for text, old := range t.held {
		if old.appID == appID && old.ends.After(now.Add(overlap)) {
			t.held[text] = token{appID, now.Add(overlap)}
		}
	}
	text := t.mint.Next("wechat token " + appID)
	t.held[text] = token{appID, now.Add(tokenLife)}
	return text
}

// app gives whose token it is, or the errcode for one that is not good.
func (t *tokens) app(text string, now time.Time) (appID string, problem int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	held, known := t.held[text]
	switch {
	case !known:
		return "", errorToken
	case !now.Before(held.ends):
		return "", errorExpired
	}
	return held.appID, 0
}

func (t *tokens) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held = nil
}
