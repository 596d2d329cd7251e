package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/gateway/console/access"
	"github.com/zhengqiao/zhengqiao/policies"
)

// consoleAuthority asks the policies what roles may do.
type consoleAuthority struct{ engine *policies.Engine }

// May implements [console.Authority].
func (c consoleAuthority) May(ctx context.Context, roles []string, action string) error {
	return c.engine.May(ctx, roles, action, time.Now())
}

// consoleAccess sets how it is proved who visits.
func (a *App) consoleAccess(ctx context.Context, settings *console.Config) (err error) {
	c := &a.config.Console
	switch c.Mode {
	case config.ConsoleMTLS:
		people := map[string]console.Person{}
		for _, person := range c.People {
			people[person.Subject] = console.Person{ID: person.ID, Roles: person.Roles}
		}
		settings.Access = access.Certificates(people)
	case config.ConsoleOpenID:
		var provider access.Provider
		if provider, err = openIDProvider(a.config); err == nil {
			settings.Entrance, err = access.OpenID(ctx, provider)
		}
	default:
		settings.Way, settings.Access, settings.Host = config.ConsoleLocal, access.Local(), console.LoopbackHost
	}
	return err
}

// openIDProvider reads what the entrance needs to know of its provider.
func openIDProvider(all *config.Config) (access.Provider, error) {
	c := &all.Console
	from := access.Provider{
		Issuer: c.OIDC.Issuer, ClientID: c.OIDC.ClientID, Scopes: c.OIDC.Scopes, PersonClaim: c.OIDC.PersonClaim, RolesClaim: c.OIDC.RolesClaim,
		Return: strings.TrimSuffix(c.URL, "/") + console.ReturnPath, Secure: strings.HasPrefix(c.URL, "https://"), Roles: map[string][]string{}, Clock: time.Now,
	}
	for _, role := range c.OIDC.Roles {
		from.Roles[role.Claim] = append(from.Roles[role.Claim], role.Roles...)
	}
	var secretErr, poolErr error
	if c.OIDC.ClientSecret != "" {
		from.ClientSecret, secretErr = files(all).Text(c.OIDC.ClientSecret)
	}
	if c.OIDC.CA != "" {
		from.CA, poolErr = pemPool(c.OIDC.CA)
	}
	return from, errors.Join(all.At("$.console.oidc.clientSecret", secretErr), all.At("$.console.oidc.ca", poolErr))
}

// checkConsole opens the files that the console needs, without listening and without asking the provider.
func checkConsole(c *config.Config) error {
	if c.Console.Listen == "" {
		return nil
	}
	_, tlsErr := consoleTLS(c)
	if c.Console.Mode != config.ConsoleOpenID {
		return tlsErr
	}
	_, err := openIDProvider(c)
	return errors.Join(tlsErr, err)
}

// consoleTLS makes the listener's TLS, nil for plain HTTP.
func consoleTLS(c *config.Config) (*tls.Config, error) {
	from := c.Console.TLS
	if from.Certificate == "" {
		return nil, nil
	}
	certificate, err := privateCertificate(from.Certificate, from.Key)
	if err != nil {
		return nil, c.At("$.console.tls.key", err)
	}
	secure := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}}
	if from.ClientCAs != "" {
		if secure.ClientCAs, err = pemPool(from.ClientCAs); err != nil {
			return nil, c.At("$.console.tls.clientCAs", err)
		}
		secure.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return secure, nil
}

func pemPool(path string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("no certificate in it")
	}
	return pool, nil
}
