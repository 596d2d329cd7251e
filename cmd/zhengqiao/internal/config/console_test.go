package config_test

import (
	"regexp"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

func TestConsoleIsChecked(t *testing.T) {
	t.Parallel()
	mtls := "mode: mtls, tls: {certificate: c.pem, key: c.key, clientCAs: ca.pem}"
	oidc := `mode: oidc, url: "https://c.example", oidc: {clientId: c, issuer: "https://i.example/realm", roles: [{claim: a, roles: [viewer]}]`
	for console, want := range map[string]string{
		"{listen: 9091}":                                                                         `console.listen: "9091": want host:port`,
		"{listen: '0.0.0.0:9091'}":                                                               `console.listen: mode local proves nobody`,
		"{listen: ':9091', mode: local}":                                                         `console.listen: mode local proves nobody`,
		"{listen: '127.0.0.1:1', mode: open}":                                                    `console.mode: want local`,
		"{listen: '127.0.0.1:1', idle: -1s}":                                                     `console.idle: must not be`,
		"{listen: '127.0.0.1:1', tls: {certificate: c}}":                                         `console.tls: certificate and key`,
		"{listen: '127.0.0.1:1', url: 'console'}":                                                `console.url: want http`,
		"{listen: '127.0.0.1:1', url: 'https://c/x'}":                                            `console.url: want http`,
		"{listen: '127.0.0.1:1', url: 'https://c.example'}":                                      `console.url: mode local answers`,
		"{listen: '127.0.0.1:1', mode: local, url: 'http://localhost'}":                          `console.url: mode local answers`,
		"{listen: ':1', mode: mtls}":                                                             `console.tls: mode mtls needs`,
		"{listen: ':1', " + mtls + "}":                                                           `console.people: at least one`,
		"{listen: ':1', " + mtls + ", people: [{id: 'Li Wei', subject: CN=a, roles: [viewer]}]}": `console.people\[0\].id: want`,
		"{listen: ':1', " + mtls + ", people: [{id: li, roles: [viewer]}]}":                      `console.people\[0\].subject: must`,
		"{listen: ':1', " + mtls + ", people: [{id: li, subject: CN=a, roles: [king]}]}":         `console.people\[0\].roles: want`,
		"{listen: ':1', " + mtls + ", people: [{id: li, subject: CN=a}]}":                        `console.people\[0\].roles: want`,
		"{listen: ':1', " + mtls + ", people: [{id: li, subject: CN=a, roles: [viewer]}, {id: wang, subject: CN=a, roles: [viewer]}]}": `console.people\[1\].subject: must`,
		"{listen: ':1', mode: oidc}": `console.url: mode oidc needs`,
		`{listen: ':1', mode: oidc, url: "http://c.example", oidc: {issuer: "https://i", clientId: c, roles: [{claim: a, roles: [viewer]}]}}`: `console.url: mode oidc needs`,
		`{listen: ':1', mode: oidc, url: "https://c.example", oidc: {clientId: c, roles: [{claim: a, roles: [viewer]}]}}`:                     `console.oidc.issuer: want`,
		`{listen: ':1', mode: oidc, url: "https://c.example", oidc: {issuer: "https://i", roles: [{claim: a, roles: [viewer]}]}}`:             `console.oidc.clientId: is required`,
		`{listen: ':1', mode: oidc, url: "https://c.example", oidc: {issuer: "https://i", clientId: c}}`:                                      `console.oidc.roles: at least one`,
		`{listen: ':1', mode: oidc, url: "https://c.example", oidc: {issuer: "https://i", clientId: c, roles: [{roles: [king]}]}}`:            `console.oidc.roles\[0\].(claim|roles): `,
	} {
		_, err := config.Load(write(t, good+"\nconsole: "+console+"\n"), nil)
		if err == nil || !regexp.MustCompile(`line \d+: `+want).MatchString(err.Error()) {
			t.Errorf("%s: got %v", console, err)
		}
	}
	for console, address := range map[string]string{
		"{listen: '127.0.0.1:9091'}": "http://127.0.0.1:9091", "{listen: '[::1]:9091', mode: local}": "http://[::1]:9091", "{listen: ''}": "",
		"{listen: ':9091', " + mtls + ", people: [{id: li, subject: 'CN=a,O=b', roles: [viewer, operator]}]}": "https://127.0.0.1:9091",
		"{listen: ':9091', " + oidc + "}}": "http://127.0.0.1:9091",
	} {
		c, err := config.Load(write(t, good+"\nconsole: "+console+"\n"), nil)
		if err != nil || c.ConsoleURL() != address {
			t.Errorf("%s: %v", console, err)
		}
	}
}
