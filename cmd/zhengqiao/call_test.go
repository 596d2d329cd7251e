package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/certtest"
)

// TestCallOverMutualTLS calls a gateway whose authority is private and that demands a certificate, in the clear and in an envelope.
func TestCallOverMutualTLS(t *testing.T) {
	t.Parallel()
	dir, config := newWorld(t)
	authority := certtest.New(t)
	at := func(name string) string { return filepath.Join(dir, name) }
	authority.Issue(t, at("server.pem"), at("server-key.pem"))
	authority.Issue(t, at("client.pem"), at("client-key.pem"))
	if err := os.WriteFile(at("ca.pem"), authority.PEM, 0o600); err != nil {
		t.Fatal(err)
	}
	appendTo(t, config, "\ntls: {certificate: server.pem, key: server-key.pem, clientCAs: ca.pem}\n")
	gateway := serveProcess(t, config)
	question, err := os.ReadFile(at("questions/normal-shanghai.licence.json"))
	if err != nil {
		t.Fatal(err)
	}
	call := []string{"call", "licence.query", "--config", config, "--as", "suishenban"}
	whole := append(call, "--ca", at("ca.pem"), "--cert", at("client.pem"), "--cert-key", at("client-key.pem"))
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"mutual TLS":        {whole, 0, `"points": 3`},
		"and an envelope":   {append(whole, "--encrypt"), 0, `"points": 3`},
		"no authority":      {call, 1, "certificate signed by unknown authority"},
		"no certificate":    {append(call, "--ca", at("ca.pem")), 1, "certificate required"},
		"half of a pair":    {append(call, "--cert", at("client.pem")), 1, "cert-key"},
		"ca without a cert": {append(call, "--ca", config), 1, "--ca: no certificate in"},
	} {
		out, complaints, code := program(t, question, test.args...)
		if code != test.code || !strings.Contains(out+complaints, test.want) {
			t.Errorf("%s: exit %d, want %d and %s\n%s%s", name, code, test.code, test.want, out, complaints)
		}
	}
	gateway.stop(t)
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(before, text...), 0o600); err != nil {
		t.Fatal(err)
	}
}

func replaceIn(t *testing.T, path, old, new string) {
	t.Helper()
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(before, []byte(old)) {
		t.Fatalf("%s does not hold %q", path, old)
	}
	if err := os.WriteFile(path, bytes.Replace(before, []byte(old), []byte(new), 1), 0o600); err != nil {
		t.Fatal(err)
	}
}
