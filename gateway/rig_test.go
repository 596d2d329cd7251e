package gateway_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
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
}

// The platforms of the rig, by id.
func testPlatforms() platforms {
	return platforms{
		"suishenban": {ID: "suishenban", Region: "310000"},
		"zheliban":   {ID: "zheliban", Region: "330000", Envelope: gateway.EnvelopeRequired},
		"suihaoban":  {ID: "suihaoban", Region: "440000", Envelope: gateway.EnvelopeOff},
		"national":   {ID: "national", Region: exchange.National},
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
	for _, party := range []string{"suishenban", "zheliban", "suihaoban", "national", "stranger", "gateway"} {
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
		Capabilities: shanghaiOnly{},
		Logger:       slog.New(slog.NewJSONHandler(r.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Clock:        r.clock.Now, Random: rand.Reader, Registry: r.registry,
	}
}

type shanghaiOnly struct{}

func (shanghaiOnly) Capabilities(string) []gateway.Capability {
	return []gateway.Capability{{
		Region: "310000", Class: "first-tier", Channel: "suishenban", Tier: "realtime",
		Operations: []exchange.Operation{exchange.LicenceQuery}, Features: []string{"points-reminder"},
	}}
}

// desk decides, answers and records as the test says. Its zero failures let everything through.
type desk struct {
	mu       sync.Mutex
	decision func(exchange.DecisionRequest) (exchange.Decision, error)
	failure  error // of the source
	recorder error // of the recorder
	records  []exchange.Record
	entered  chan struct{} // if set: told each time the source is asked
	release  chan struct{} // if set: the source waits for it
	panics   any
}

func newDesk() *desk { return &desk{decision: grantAll} }

// grantAll lets everything be seen, numbers in part.
func grantAll(request exchange.DecisionRequest) (exchange.Decision, error) {
	grants := map[exchange.Field]exchange.Mask{}
	for _, field := range exchange.Fields(request.Operation) {
		grants[field] = exchange.MaskNone
	}
	grants["idNumber"], grants["name"] = exchange.MaskStrong, exchange.MaskName
	grants["birthDate"], grants["updatedAt"] = exchange.MaskYear, exchange.MaskYear
	return exchange.Decision{
		Revision: strings.Repeat("ab", 32), Allow: true, Grants: grants, AgeBound: 24 * time.Hour, OnStale: exchange.StaleRefuse,
		Freshness: "realtime", Assurance: "face",
	}, nil
}

func (d *desk) broker(now func() time.Time) *exchange.Broker {
	source := &exchange.Source{ID: "tmri-sh", Kind: "tmri", Region: "310000", Licences: d, Violations: d, Pictures: d}
	return &exchange.Broker{
		Decider: d, Routes: exchange.Routes{{Region: exchange.National, Sources: []*exchange.Source{source}}},
		Encoder: gateway.Encoder{}, Recorder: d, Pseudonyms: d, Clock: now,
		Digest: func(b []byte) string { sum := smcrypto.SM3(b); return hex.EncodeToString(sum[:]) },
	}
}

func (d *desk) Pseudonym(number exchange.IDNumber) string {
	sum := smcrypto.SM3([]byte(number.Reveal()))
	return hex.EncodeToString(sum[:])
}

func (d *desk) Decide(_ context.Context, request exchange.DecisionRequest) (exchange.Decision, error) {
	return d.decision(request)
}

// Record numbers the records as the real log does.
func (d *desk) Record(_ context.Context, record *exchange.Record) (exchange.Receipt, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.recorder != nil {
		return exchange.Receipt{}, d.recorder
	}
	d.records = append(d.records, *record)
	return exchange.Receipt{
		Log: "test", Index: uint64(len(d.records) - 1), Digest: strings.Repeat("0", 64), RecordedAt: testNow(),
	}, nil
}

func (d *desk) recorded() []exchange.Record {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]exchange.Record(nil), d.records...)
}

func (d *desk) ask(ctx context.Context) error {
	if d.entered != nil {
		d.entered <- struct{}{}
	}
	if d.release != nil {
		select {
		case <-d.release:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if d.panics != nil {
		panic(d.panics)
	}
	return d.failure
}

func (d *desk) Licence(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	if err := d.ask(ctx); err != nil {
		return exchange.Sighting[exchange.Licence]{}, err
	}
	return exchange.Sighting[exchange.Licence]{AsOf: request.Now, Value: licenceOf(request.Subject)}, nil
}

func (d *desk) Violations(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[[]exchange.Violation], error) {
	if err := d.ask(ctx); err != nil {
		return exchange.Sighting[[]exchange.Violation]{}, err
	}
	return exchange.Sighting[[]exchange.Violation]{AsOf: request.Now, Value: violationsOf(request)}, nil
}

func (d *desk) Picture(ctx context.Context, request exchange.SourceRequest) (exchange.Sighting[exchange.Picture], error) {
	if err := d.ask(ctx); err != nil {
		return exchange.Sighting[exchange.Picture]{}, err
	}
	return exchange.Sighting[exchange.Picture]{AsOf: request.Now, Value: exchange.Picture{
		Violation: request.Violation, MediaType: "image/jpeg", Data: []byte{0xFF, 0xD8, 0xFF, 0xD9}, Vehicle: request.Vehicles[0],
	}}, nil
}

func licenceOf(subject exchange.Subject) exchange.Licence {
	points, replaced := 3, 0
	return exchange.Licence{
		Name: subject.Name, IDNumber: subject.IDNumber.Reveal(), Sex: "2", BirthDate: subject.IDNumber.BirthDate(),
		Nationality: "156", FileNumber: "310000000001", CardNumber: "3110012345678", Classes: []exchange.Class{"C1", "D"},
		Status: "BDJ", Points: &points, FirstIssued: exchange.Date{Year: 2016, Month: 5, Day: 9}, Issuer: "沪A",
		ValidFrom: exchange.Date{Year: 2022, Month: 5, Day: 9}, ValidUntil: exchange.Date{Year: 2032, Month: 5, Day: 9},
		Replacements: &replaced, Probation: "2", Address: `上海市"某"路<1>号`, Phone: "13800000000", UpdatedAt: testNow(),
	}
}

func violationsOf(request exchange.SourceRequest) []exchange.Violation {
	points, fine := 1, 10000
	list := []exchange.Violation{{
		ID: "3101051234567890", Processed: true, DecisionNumber: "310105-1", OccurredAt: testNow(), Place: "某路", Act: "1345",
		Points: &points, FineFen: &fine, Payment: exchange.PaymentPaid, HasPicture: true,
	}}
	for i, vehicle := range request.Vehicles {
		list = append(list, exchange.Violation{
			ID: fmt.Sprintf("31010599000000%d", i), OccurredAt: testNow(), Act: "1625", PlateType: vehicle.PlateType,
			PlateNumber: vehicle.PlateNumber, HasPicture: true,
		})
	}
	return list
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
