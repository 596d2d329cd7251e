package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
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
		settings.Entrance, err = a.openIDEntrance(ctx, settings.Secure)
	default:
		settings.Way, settings.Access = config.ConsoleLocal, access.Local()
		if settings.Host == nil {
			settings.Host = console.LoopbackHost
		}
	}
	return err
}

func (a *App) openIDEntrance(ctx context.Context, secure bool) (console.Entrance, error) {
	c := &a.config.Console
	from := access.Provider{
		Issuer: c.OIDC.Issuer, ClientID: c.OIDC.ClientID, Scopes: c.OIDC.Scopes, PersonClaim: c.OIDC.PersonClaim, RolesClaim: c.OIDC.RolesClaim,
		Return: c.URL + console.ReturnPath, Secure: secure, Roles: map[string][]string{}, Clock: time.Now,
	}
	for _, role := range c.OIDC.Roles {
		from.Roles[role.Claim] = append(from.Roles[role.Claim], role.Roles...)
	}
	if c.OIDC.ClientSecret != "" {
		secret, err := files(a.config).Text(c.OIDC.ClientSecret)
		if err != nil {
			return nil, a.config.At("$.console.oidc.clientSecret", err)
		}
		from.ClientSecret = secret
	}
	if c.OIDC.CA != "" {
		pool, err := pemPool(c.OIDC.CA)
		if err != nil {
			return nil, a.config.At("$.console.oidc.ca", err)
		}
		from.CA = pool
	}
	return access.OpenID(ctx, from)
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
