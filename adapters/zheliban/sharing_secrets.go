package zheliban

import (
	"context"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
)

const (
	byKeyPath    = "/gateway/app/refreshTokenByKey.htm"
	bySecretPath = "/gateway/app/refreshTokenBySec.htm"

	// secretMargin is how long before its end a secret is no longer used: a call must arrive while it is good, and the
	// platform's clock may run ahead of ours.
	secretMargin = 30 * time.Second
)

// renewer gets the secrets of the data-sharing platform: by the appSecret a refreshSecret (good for 48 h) and a requestSecret
// (15 min), by the refreshSecret the next requestSecret. A new one ends the previous one, so [outbound.Rotating] sees to it
// that one renewal is made at a time.
type renewer struct {
	sharingCall
	appSecret string

	mu      sync.Mutex
	refresh string    // held by mu: the refreshSecret
	until   time.Time // held by mu: its end
}

// fetch gives a new requestSecret and its end.
func (r *renewer) fetch(ctx context.Context) (string, time.Time, error) {
	if refresh := r.refreshSecret(); refresh != "" {
		secrets, answered, err := r.renew(ctx, bySecretPath, refresh)
		if err == nil {
			return secrets.RequestSecret, secrets.RequestSecretEnd.Time, nil
		}
		if !answered {
			return "", time.Time{}, err
		}
	}
	// Without a good refreshSecret the appSecret starts anew. It is used as seldom as that.
	secrets, _, err := r.renew(ctx, byKeyPath, r.appSecret)
	return secrets.RequestSecret, secrets.RequestSecretEnd.Time, err
}

// renew makes one call for secrets; answered tells that the platform did answer, whatever it said.
func (r *renewer) renew(ctx context.Context, path, secret string) (secrets sharingSecrets, answered bool, err error) {
	answer, err := r.post(ctx, path, signedForm(r.appKey, secret, r.clock()), false)
	if err != nil {
		return secrets, false, err
	}
	if answer.Code != sharingOK {
		return secrets, true, r.failures.Error(answer.Code)
	}
	if secrets, err = answer.secrets(); err == nil {
		r.keep(secrets)
	}
	return secrets, true, err
}

func (r *renewer) refreshSecret() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.clock().Before(r.until.Add(-secretMargin)) {
		return r.refresh
	}
	return ""
}

func (r *renewer) keep(secrets sharingSecrets) {
	if secrets.RefreshSecret == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refresh, r.until = secrets.RefreshSecret, secrets.RefreshSecretEnd.Time
}

func rotating(r *renewer) *outbound.Rotating[string] {
	return outbound.NewRotating(outbound.RotatingConfig[string]{Clock: r.clock, Fetch: r.fetch, Margin: secretMargin})
}
