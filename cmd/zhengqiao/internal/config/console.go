package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Console is the pages for operators, policy authors and inspectors, on a listener of their own.
type Console struct {
	// Listen is its address, such as 127.0.0.1:9091. Empty: there is no console.
	Listen string `yaml:"listen" env:"LISTEN"`
	// Mode is how it is proved who visits: local (one person, from this machine only), mtls or oidc. Default local.
	Mode string `yaml:"mode" env:"MODE"`
	// URL is the address that browsers use, such as https://console.example.cn; requests for another host are refused. Required of oidc,
	// refused in mode local, which answers to names of this machine alone.
	URL string `yaml:"url" env:"URL"`
	// Idle is after how long without a click a session ends. Default 30m.
	Idle time.Duration `yaml:"idle" env:"IDLE"`
	TLS  TLS           `yaml:"tls" envPrefix:"TLS_"`
	// People are who may visit by mtls.
	People []ConsolePerson `yaml:"people"`
	OIDC   ConsoleOIDC     `yaml:"oidc" envPrefix:"OIDC_"`
}

// ConsolePerson is somebody with a client certificate.
type ConsolePerson struct {
	// ID is the person's name in records, such as li.wei. Required.
	ID string `yaml:"id"`
	// Subject is that of the certificate, as RFC 2253 writes it, such as CN=li.wei,O=省数据局. Required.
	Subject string `yaml:"subject"`
	// Roles are viewer, operator, policyAuthor, approver or inspector. Required.
	Roles []string `yaml:"roles"`
}

// ConsoleOIDC is an OpenID Connect provider.
type ConsoleOIDC struct {
	// Issuer is the provider's address; what it is and where its keys are is read from it. Required of oidc.
	Issuer string `yaml:"issuer" env:"ISSUER"`
	// ClientID and ClientSecret (file:PATH) are how the provider knows this console. The id is required.
	ClientID     string `yaml:"clientId" env:"CLIENT_ID"`
	ClientSecret string `yaml:"clientSecret" env:"CLIENT_SECRET"`
	// CA is a PEM file of authorities for the provider's certificate. Default: the system's.
	CA string `yaml:"ca" env:"CA"`
	// Scopes are asked for beside openid.
	Scopes []string `yaml:"scopes" env:"SCOPES"`
	// PersonClaim holds the person's name for records. Default sub.
	PersonClaim string `yaml:"personClaim" env:"PERSON_CLAIM"`
	// RolesClaim holds what Roles translate, a text or a list of texts. Default groups.
	RolesClaim string `yaml:"rolesClaim" env:"ROLES_CLAIM"`
	// Roles give the console's roles for a value of that claim. Required of oidc.
	Roles []ConsoleRole `yaml:"roles"`
}

// ConsoleRole is what a value of the claim means here.
type ConsoleRole struct {
	Claim string   `yaml:"claim"`
	Roles []string `yaml:"roles"`
}

// The modes of the console.
const (
	ConsoleLocal  = "local"
	ConsoleMTLS   = "mtls"
	ConsoleOpenID = "oidc"
)

const wantRoles = "want some of viewer, operator, policyAuthor, approver and inspector"

func (c *Config) checkConsole(f *faults) {
	console := &c.Console
	if console.Listen == "" {
		return
	}
	if err := checkAddress(console.Listen); err != nil {
		f.add(false, "$.console.listen", "%v", err)
	}
	f.add(console.Idle >= 0, "$.console.idle", "must not be below 0")
	f.add((console.TLS.Certificate == "") == (console.TLS.Key == ""), "$.console.tls", "certificate and key go together")
	f.add(console.URL == "" || isOrigin(console.URL), "$.console.url", "want http:// or https:// with a host, and nothing after it")
	switch console.Mode {
	case "", ConsoleLocal:
		f.add(onLoopback(console.Listen), "$.console.listen", "mode local proves nobody: it listens on 127.0.0.1 or [::1] only")
		f.add(console.URL == "", "$.console.url", "mode local answers to names of this machine only: leave url out, or prove who visits by mtls or oidc")
	case ConsoleMTLS:
		console.checkMTLS(f)
	case ConsoleOpenID:
		console.checkOIDC(f)
	default:
		f.add(false, "$.console.mode", "want local, mtls or oidc")
	}
}

func (c *Console) checkMTLS(f *faults) {
	f.add(c.TLS.Certificate != "" && c.TLS.ClientCAs != "", "$.console.tls", "mode mtls needs certificate, key and clientCAs")
	f.add(len(c.People) > 0, "$.console.people", "at least one person is required")
	ids, subjects := map[string]bool{}, map[string]bool{}
	for i, person := range c.People {
		at := fmt.Sprintf("$.console.people[%d]", i)
		f.add(operatorName.MatchString(person.ID) && !ids[person.ID], at+".id", "want 1 to 64 of a-z, 0-9, dot and hyphen, and unique")
		f.add(person.Subject != "" && !subjects[person.Subject], at+".subject", "must be there and be unique")
		f.add(areRoles(person.Roles), at+".roles", wantRoles)
		ids[person.ID], subjects[person.Subject] = true, true
	}
}

func (c *Console) checkOIDC(f *faults) {
	f.add(strings.HasPrefix(c.URL, "https://") || onLoopback(c.Listen) && c.URL != "", "$.console.url", "mode oidc needs the https:// address that browsers use")
	f.add(isOrigin(c.OIDC.Issuer) || isWebAddress(c.OIDC.Issuer), "$.console.oidc.issuer", "want the provider's address")
	f.add(c.OIDC.ClientID != "", "$.console.oidc.clientId", "is required")
	f.add(len(c.OIDC.Roles) > 0, "$.console.oidc.roles", "at least one is required: nobody could do anything")
	for i, role := range c.OIDC.Roles {
		at := fmt.Sprintf("$.console.oidc.roles[%d]", i)
		f.add(role.Claim != "", at+".claim", "is required")
		f.add(areRoles(role.Roles), at+".roles", wantRoles)
	}
}

func areRoles(roles []string) bool {
	for _, role := range roles {
		if !slices.Contains([]string{"viewer", "operator", "policyAuthor", "approver", "inspector"}, role) {
			return false
		}
	}
	return len(roles) > 0
}

func isWebAddress(text string) bool {
	address, err := url.Parse(text)
	return err == nil && (address.Scheme == "https" || address.Scheme == "http") && address.Host != "" && address.User == nil
}

func isOrigin(text string) bool {
	address, err := url.Parse(text)
	return isWebAddress(text) && err == nil && (address.Path == "" || address.Path == "/") && address.RawQuery == "" && address.Fragment == ""
}

func onLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip, broken := netip.ParseAddr(host)
	return err == nil && (host == "localhost" || broken == nil && ip.IsLoopback())
}

// ConsoleURL gives the console's address as it is called from this machine, "" if there is none.
func (c *Config) ConsoleURL() string {
	if c.Console.Listen == "" {
		return ""
	}
	if c.Console.TLS.Certificate != "" {
		return "https://" + callable(c.Console.Listen)
	}
	return "http://" + callable(c.Console.Listen)
}

func (c *Console) paths() []*string {
	return []*string{&c.TLS.Certificate, &c.TLS.Key, &c.TLS.ClientCAs, &c.OIDC.CA}
}
