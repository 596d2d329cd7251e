package app_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

// watchedGateway runs a gateway on the demo's configuration, changed, with a canary's person in keys/canary.name and keys/canary.id.
func watchedGateway(t *testing.T, change func(dir, text string) string) *app.App {
	t.Helper()
	dir := t.TempDir()
	world, err := demo.NewWorld(dir, "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = world.Close() })
	person := personaOf(t, "canary-guangdong")
	writeText(t, filepath.Join(dir, "keys", "canary.name"), person.Name)
	writeText(t, filepath.Join(dir, "keys", "canary.id"), person.IDNumber)
	writeText(t, world.ConfigPath(), change(dir, readText(t, world.ConfigPath())+"\n"))
	settings, err := config.Load(world.ConfigPath(), nil)
	if err != nil {
		t.Fatal(err)
	}
	gateway, err := app.Open(t.Context(), settings, slog.New(slog.DiscardHandler), app.Parts{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- gateway.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		<-ended // a full journal has its say here
	})
	return gateway
}

func personaOf(t *testing.T, key string) citizen.Citizen {
	t.Helper()
	registry, err := citizen.New(1, time.Now(), 0)
	if err != nil {
		t.Fatal(err)
	}
	person, _ := registry.Persona(key)
	return person
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(string(text), "\n")
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// foreignCertificate is of an authority that nobody trusts.
func foreignCertificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"example.com"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
