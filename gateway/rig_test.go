package gateway_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/zhengqiao/zhengqiao/changefeed/feed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

type gatewayDeps = gateway.Deps

// rig is a gateway with the real broker between a decider, a source and a recorder that the test steers.
type rig struct {
	gateway  *gateway.Gateway
	server   *httptest.Server
	registry *prometheus.Registry
	logs     *lockedBuffer
	clock    *clock
	desk     *desk
	signers  map[string]*httpsig.Signer // by platform
	keys     map[string]*smcrypto.PrivateKey
	answers  *httpsig.AnswerVerifier
	feeds    *feed.Feeds
	licences shelf // of the reports
	batches  shelf // of the feeds
}

// The platforms of the rig, by id.
func testPlatforms() platforms {
	return platforms{
		"suishenban": {ID: "suishenban", Region: "310000", Relays: true},
		"zheliban":   {ID: "zheliban", Region: "330000", Envelope: gateway.EnvelopeRequired, Relays: true},
		"suihaoban":  {ID: "suihaoban", Region: "440000", Envelope: gateway.EnvelopeOff},
		"misspelt":   {ID: "misspelt", Region: "310000", Envelope: "Requried"},
		"national":   {ID: "national", Region: exchange.National, Relays: true},
	}
}

type platforms map[string]gateway.Platform

func (p platforms) Platform(id string) (gateway.Platform, bool) {
	platform, ok := p[id]
	return platform, ok
}

// clock stands still until a test turns it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) turn(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// testNow is the moment at which the tests take place.
func testNow() time.Time { return time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC) }

// newRig starts a gateway on loopback. change, if given, alters what it is made of.
func newRig(t tb, change ...func(*gateway.Deps)) *rig {
	t.Helper()
	r := &rig{
		registry: prometheus.NewRegistry(), logs: &lockedBuffer{}, clock: &clock{now: testNow()}, desk: newDesk(),
		signers: map[string]*httpsig.Signer{}, keys: map[string]*smcrypto.PrivateKey{},
	}
	ring := r.makeKeys(t)
	deps := r.deps(t, ring)
	for _, alter := range change {
		alter(&deps)
	}
	if deps.Quotas == nil {
		deps.Quotas = gateway.NewQuotas(gateway.QuotaConfig{Limits: deps.Limits}, deps.Clock)
	}
	r.registry.MustRegister(deps.Quotas)
	r.gateway = must(gateway.New(deps))(t)
	r.answers = must(httpsig.NewAnswerVerifier(ring, "gateway", r.clock.Now))(t)
	r.server = httptest.NewServer(r.gateway)
	t.Cleanup(r.server.Close)
	return r
}

// must gives the value of a call that may not fail here.
func must[T any](value T, err error) func(tb) T {
	return func(t tb) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func (r *rig) makeKeys(t tb) *keys.Ring {
	t.Helper()
	var records []keys.Record
	for _, party := range []string{"suishenban", "zheliban", "suihaoban", "misspelt", "national", "stranger", "gateway"} {
		r.keys[party] = must(smcrypto.GenerateKey(rand.Reader))(t)
		r.signers[party] = must(httpsig.NewSigner(party+"-1", r.keys[party], r.clock.Now, rand.Reader))(t)
		records = append(records, keys.Record{ID: party + "-1", Party: party, Algorithm: keys.AlgorithmSign, Key: r.keys[party].Public()})
	}
	return must(keys.NewRing(records...))(t)
}

func (r *rig) deps(t tb, ring *keys.Ring) gateway.Deps {
	t.Helper()
	verifier := must(httpsig.NewVerifier(httpsig.VerifierConfig{
		Keys: ring, Nonces: httpsig.NewMemoryNonces(1<<20, r.clock.Now), Now: r.clock.Now,
	}))(t)
	return gateway.Deps{
		Broker: r.desk.broker(r.clock.Now), Verifier: verifier, Signer: r.signers["gateway"], Platforms: testPlatforms(),
		Envelope: gateway.Envelopes{
			Own: func(kid string) (envelope.Unwrapper, bool) { return r.keys["gateway"], kid == "gateway-1" },
			Recipient: func(platform, keyID string) (string, *smcrypto.PublicKey, bool) {
				key, ok := r.keys[platform]
				return keyID, key.Public(), ok
			},
			Random: rand.Reader,
		},
		Capabilities: shanghaiOnly{}, Changes: r.intake(t), Pseudonyms: r.desk, Feeds: r.openFeeds(t),
		Logger: slog.New(slog.NewJSONHandler(r.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Clock:  r.clock.Now, Random: rand.Reader, Registry: r.registry,
	}
}

type shanghaiOnly struct{}

func (shanghaiOnly) Capabilities(string) []gateway.Capability {
	return []gateway.Capability{{
		Region: "310000", Class: "first-tier", Channel: "suishenban", Tier: "realtime",
		Operations: []exchange.Operation{exchange.LicenceQuery}, Features: []string{"points-reminder"},
	}}
}

// sign makes a request that the platform signed.
func (r *rig) sign(t tb, platform, method, target string, body []byte, alter ...func(*http.Request)) *http.Request {
	t.Helper()
	request := must(http.NewRequestWithContext(context.Background(), method, r.server.URL+target, bytes.NewReader(body)))(t)
	if len(body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, change := range alter {
		change(request)
	}
	if err := r.signers[platform].SignHTTP(request, body); err != nil {
		t.Fatal(err)
	}
	return request
}

// response is an answer that was read whole.
type response struct {
	status int
	header http.Header
	body   []byte
}

// send sends a request, reads the answer and holds it to everything that is true of each answer.
func (r *rig) send(t tb, request *http.Request) response {
	t.Helper()
	answer := must(r.server.Client().Do(request))(t)
	defer answer.Body.Close()
	got := response{status: answer.StatusCode, header: answer.Header, body: must(io.ReadAll(answer.Body))(t)}
	r.check(t, request, got)
	return got
}
