package access

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/zhengqiao/zhengqiao/gateway/console"
)

// Provider is an OpenID Connect provider and what its claims mean here.
type Provider struct {
	Issuer       string
	ClientID     string
	ClientSecret string         // empty: the client is a public one, which PKCE is enough for
	CA           *x509.CertPool // of the provider's certificate; nil: the system's
	Scopes       []string       // beside openid
	Return       string         // address that the provider sends visitors back to, as registered there
	Secure       bool           // browsers reach the console by HTTPS
	PersonClaim  string         // name for records; empty: sub
	RolesClaim   string         // a text or a list of texts; empty: groups
	Roles        map[string][]string
	Clock        func() time.Time
}

// providerTime bounds a question to the provider.
const providerTime = 10 * time.Second

// OpenID makes the entrance. The provider is asked for its addresses and keys with the first visitor, so that a gateway starts without
// it, and is asked again until it has answered.
//
// It is the authorization code flow (OpenID Connect Core 1.0, 3.1) with PKCE (RFC 7636), state and nonce; the ID token alone counts.
func OpenID(_ context.Context, p Provider) (console.Entrance, error) {
	if p.Issuer == "" || p.ClientID == "" || p.Return == "" || p.Clock == nil {
		return nil, fmt.Errorf("access: issuer, client id, return address and clock are required")
	}
	if p.PersonClaim == "" {
		p.PersonClaim = "sub"
	}
	if p.RolesClaim == "" {
		p.RolesClaim = "groups"
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: p.CA}
	return &entrance{provider: p, client: &http.Client{Transport: bounded{transport}, Timeout: providerTime}}, nil
}

// Begin implements [console.Entrance].
func (e *entrance) Begin(w http.ResponseWriter, r *http.Request, back string) error {
	known, err := e.known(r.Context())
	if err != nil {
		return err
	}
	a := attempt{State: oauth2.GenerateVerifier(), Nonce: oauth2.GenerateVerifier(), Verifier: oauth2.GenerateVerifier(), Back: back}
	if err := e.remember(w, a); err != nil {
		return err
	}
	http.Redirect(w, r, known.oauth.AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), http.StatusSeeOther)
	return nil
}

// Finish implements [console.Entrance].
func (e *entrance) Finish(w http.ResponseWriter, r *http.Request) (console.Person, string, error) {
	a, err := e.recall(w, r)
	if err != nil {
		return console.Person{}, "", err
	}
	known, err := e.known(r.Context())
	if err != nil {
		return console.Person{}, "", err
	}
	query := r.URL.Query()
	if issuer := query.Get("iss"); issuer != "" && issuer != e.provider.Issuer { // RFC 9207
		return console.Person{}, "", stranger("the answer names another issuer")
	}
	if query.Get("code") == "" {
		return console.Person{}, "", stranger("the provider let nobody in: " + told(query.Get("error"), query.Get("error_description")))
	}
	ctx := oidc.ClientContext(r.Context(), e.client)
	token, err := known.oauth.Exchange(ctx, query.Get("code"), oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return console.Person{}, "", refused(err)
	}
	person, err := e.person(ctx, known, token, a.Nonce)
	return person, a.Back, err
}

// person reads the ID token: it must be the provider's, for this console, in its time, and of this attempt.
func (e *entrance) person(ctx context.Context, known *discovered, token *oauth2.Token, nonce string) (console.Person, error) {
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return console.Person{}, stranger("no ID token came")
	}
	verified, err := known.verifier.Verify(ctx, raw)
	if err != nil {
		return console.Person{}, fmt.Errorf("%w: the ID token does not verify: %w", console.ErrStranger, err)
	}
	if verified.Nonce != nonce {
		return console.Person{}, stranger("the ID token is of another attempt")
	}
	var claims map[string]any
	if err := verified.Claims(&claims); err != nil {
		return console.Person{}, stranger("the claims can't be read")
	}
	person := console.Person{Roles: e.roles(claims[e.provider.RolesClaim])}
	person.ID, _ = claims[e.provider.PersonClaim].(string)
	if !console.Nameable(person.ID, e.provider.Clock()) {
		return console.Person{}, stranger("the person's claim is no name for records")
	}
	return person, nil
}

// roles translates a claim. Nothing that is not listed means anything.
func (e *entrance) roles(claim any) []string {
	var said []any
	switch claim := claim.(type) {
	case string:
		said = []any{claim}
	case []any:
		said = claim
	}
	var roles []string
	for _, one := range said {
		if text, ok := one.(string); ok {
			roles = append(roles, e.provider.Roles[text]...)
		}
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}
