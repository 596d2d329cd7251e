package outbound_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// loopback is what a test's server needs.
var loopback = []string{"127.0.0.0/8", "::1/128"}

// open gives a client that ends with the test.
func open(t *testing.T, config outbound.Config, deps outbound.Deps) *outbound.Client {
	t.Helper()
	if config.Allow == nil {
		config.Allow = loopback
	}
	if config.RetryWait == 0 {
		config.RetryWait = time.Microsecond
	}
	if config.Timeout == 0 {
		config.Timeout = time.Minute // no test waits for it, however slow the machine
	}
	client, err := outbound.New("demo", config, deps)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// serve gives the address of a server that ends with the test.
func serve(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}
