package gateway_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/gateway/policydesk"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/specs"
)

// repairs is a desk that notes what was ordered.
type repairs struct {
	mu     sync.Mutex
	orders []repair.Order
	asked  []changefeed.Selection
	err    error
	panics bool
	calls  int

	entered, release chan struct{} // of Status, where it is to be held back
}

func (r *repairs) fails(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
}

func (r *repairs) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls
}

const jobID = "3f2b7c1e-9d2a-4b8e-8a44-0c1d2e3f4a5b"

func (r *repairs) note(o repair.Order) (repair.Job, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.orders = append(r.orders, o)
	job, _ := r.Job(jobID)
	return job, r.err
}

func (r *repairs) Status(context.Context) ([]changefeed.Status, error) {
	if r.entered != nil {
		r.entered <- struct{}{}
		<-r.release
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	if r.panics {
		panic("with " + idGood)
	}
	return []changefeed.Status{{
		Platform: "wechat", Entries: 3, Oldest: testNow(), Lag: 1500 * time.Millisecond, Aside: 1, Parked: 2,
		Health: changefeed.Health{Off: true, Since: testNow(), Operator: "li", Reason: "maintenance", LastSuccess: testNow()},
	}, {Platform: "zheliban"}}, r.err
}

func parkedSample() []changefeed.Parked {
	return []changefeed.Parked{{
		Platform: "wechat", Licence: strings.Repeat("ab", 32), Version: 2, Revision: 7, Reason: exchange.NoRecord, Since: testNow(), Attempts: 1,
		History: []changefeed.Failure{{At: testNow(), Code: exchange.NoRecord}},
	}}
}

func (r *repairs) Parked(_ context.Context, s changefeed.Selection, limit int) ([]changefeed.Parked, int, error) {
	r.asked = append(r.asked, s)
	return parkedSample(), limit, r.err
}

func (r *repairs) Preview(_ context.Context, s changefeed.Selection) (changefeed.Preview, error) {
	r.asked = append(r.asked, s)
	return changefeed.Preview{Token: "abc", Count: 1, First: parkedSample()}, r.err
}

func (r *repairs) Meant(_ context.Context, token string) (changefeed.Preview, error) {
	return changefeed.Preview{Token: token}, r.err
}

func (r *repairs) Report(platform string) *reconcile.Report {
	if platform != "wechat" {
		return nil
	}
	return &reconcile.Report{
		Platform: platform, Began: testNow(), Ended: testNow(), Known: 9, Held: 8, Agreeing: 7, Waiting: 1,
		Findings: map[reconcile.Kind]reconcile.Finding{reconcile.Missing: {Count: 1, Oldest: testNow().Add(-time.Minute), Sample: []string{"ab"}}},
		Aspects:  map[exchange.Aspect]int{exchange.AspectStatus: 1},
	}
}

func (r *repairs) Replay(_ context.Context, o repair.Order, _ string, _ float64) (repair.Job, error) {
	return r.note(o)
}
func (r *repairs) Skip(_ context.Context, o repair.Order, _ string) (repair.Job, error) {
	return r.note(o)
}
func (r *repairs) Compare(_ context.Context, o repair.Order, _ string) (repair.Job, error) {
	return r.note(o)
}
func (r *repairs) Repair(_ context.Context, o repair.Order, _ string, _ float64) (repair.Job, error) {
	return r.note(o)
}
func (r *repairs) Switch(_ context.Context, o repair.Order, _ string, _ bool) error {
	_, err := r.note(o)
	return err
}
func (r *repairs) Start(_ context.Context, o repair.Order) (gateway.Backup, error) {
	_, err := r.note(o)
	return gateway.Backup{State: gateway.BackupRunning, Operator: o.By.Operator, Reason: o.By.Reason, Began: testNow()}, err
}

func (r *repairs) Last() gateway.Backup {
	return gateway.Backup{State: gateway.BackupRunning, Began: testNow(), Doing: "copy", Part: "log-records", Done: 1, Total: 2}
}

func (r *repairs) Jobs() []repair.Job { job, _ := r.Job(jobID); return []repair.Job{job} }
func (r *repairs) Stop(_ context.Context, o repair.Order, _ string) (repair.Job, error) {
	return r.note(o)
}

func (r *repairs) Job(id string) (repair.Job, error) {
	if id != jobID {
		return repair.Job{}, &exchange.Error{Code: exchange.NotFound}
	}
	return repair.Job{
		ID: jobID, Kind: repair.Compare, State: repair.Done, Platform: "wechat", By: changefeed.Action{Operator: "li", Reason: "why not"},
		Began: testNow(), Ended: testNow(), Report: r.Report("wechat"),
	}, nil
}

// opsRig is an operators' interface whose one operator is li.
type opsRig struct {
	desk     *repairs
	server   *httptest.Server
	logs     *lockedBuffer
	signers  map[string]*httpsig.Signer
	answers  *httpsig.AnswerVerifier
	document *openapi3.T
}

func newOpsRig(t tb, change ...func(*gateway.OperatorsDeps)) *opsRig {
	t.Helper()
	r := &opsRig{desk: &repairs{}, logs: &lockedBuffer{}, signers: map[string]*httpsig.Signer{}}
	var records []keys.Record
	now := func() time.Time { return testNow() }
	for _, party := range []string{"li", "stranger", "gateway"} {
		key := must(smcrypto.GenerateKey(rand.Reader))(t)
		r.signers[party] = must(httpsig.NewSigner(party+"-1", key, now, rand.Reader))(t)
		if party != "stranger" {
			records = append(records, keys.Record{ID: party + "-1", Party: party, Algorithm: keys.AlgorithmSign, Key: key.Public()})
		}
	}
	verifier := must(httpsig.NewVerifier(httpsig.VerifierConfig{
		Keys: must(keys.NewRing(records[0]))(t), Nonces: httpsig.NewMemoryNonces(100, now), Now: now,
	}))(t)
	deps := gateway.OperatorsDeps{
		Repairs: r.desk, Health: sampleHealth, Backups: r.desk, Verifier: verifier, Signer: r.signers["gateway"], Logger: slog.New(slog.NewJSONHandler(r.logs, nil)), Clock: now, Random: rand.Reader,
	}
	for _, alter := range change {
		alter(&deps)
	}
	handler := must(gateway.NewOperators(deps))(t)
	r.server = httptest.NewServer(withPolicyDesk(handler, verifier, r.signers["gateway"]))
	t.Cleanup(r.server.Close)
	r.answers = must(httpsig.NewAnswerVerifier(must(keys.NewRing(records[1]))(t), "gateway", now))(t)
	r.document = must(openapi3.NewLoader().LoadFromData(specs.Operators()))(t)
	return r
}

// send signs as somebody, "" for nobody, and holds the answer to its signature and to the contract.
func (r *opsRig) send(t tb, as, method, path, body string) (int, map[string]any) {
	t.Helper()
	request := must(http.NewRequestWithContext(context.Background(), method, r.server.URL+path, bytes.NewReader([]byte(body))))(t)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if as != "" {
		if err := r.signers[as].SignHTTP(request, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	return r.do(t, request)
}

func (r *opsRig) do(t tb, request *http.Request) (int, map[string]any) {
	t.Helper()
	answer := must(r.server.Client().Do(request))(t)
	defer answer.Body.Close()
	text := must(io.ReadAll(answer.Body))(t)
	_, err := r.answers.Verify(httpsig.Response{Status: answer.StatusCode, Header: answer.Header, Body: text, Request: request.Header})
	if err != nil && !errors.Is(err, httpsig.ErrUnbound) {
		t.Errorf("%s %s: the answer's signature: %v", request.Method, request.URL.Path, err)
	}
	var value map[string]any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%s %s: %d %s", request.Method, request.URL.Path, answer.StatusCode, text)
	}
	if schema := r.schema(request, answer.StatusCode); schema != nil {
		if err := schema.VisitJSON(value); err != nil {
			t.Errorf("%s %s: %d is not what the contract says: %v\n%s", request.Method, request.URL.Path, answer.StatusCode, err, text)
		}
	}
	return answer.StatusCode, value
}

// schema finds what the contract says of an answer; a problem is described wherever it comes from.
func (r *opsRig) schema(request *http.Request, status int) *openapi3.Schema {
	if status >= 400 && policydesk.Serves(request.URL.Path) {
		return r.document.Components.Schemas["PolicyProblem"].Value
	}
	if status >= 400 {
		return r.document.Components.Schemas["Problem"].Value
	}
	path := strings.NewReplacer("/wechat/", "/{platform}/", "/"+jobID, "/{job}", "/"+openingID, "/{opening}").Replace(request.URL.Path)
	for _, code := range []string{"200", "202"} {
		if answer := r.document.Paths.Value(path).GetOperation(request.Method).Responses.Value(code); answer != nil {
			return answer.Value.Content["application/json"].Schema.Value
		}
	}
	return nil
}

func TestEveryOperationOfOperators(t *testing.T) {
	t.Parallel()
	r := newOpsRig(t, withDecisions(recorded{}), withReloads(&reloadsDone{}), withBreakGlass(&glass{}))
	calls := map[string]struct {
		body   string
		status int
	}{
		"GET /ops/v1/changes/status":                        {"", 200},
		"GET /ops/v1/health":                                {"", 200},
		"POST /ops/v1/changes/parked":                       {`{"platform":"wechat","code":"no-such-record","from":"2026-11-24T09:00:00+08:00","limit":5}`, 200},
		"POST /ops/v1/changes/preview":                      {`{"until":"2026-11-24T09:00:00Z"}`, 200},
		"POST /ops/v1/changes/replay":                       {`{"token":"abc","reason":"widened","perSecond":2.5}`, 202},
		"POST /ops/v1/changes/skip":                         {`{"token":"abc","reason":"moved away"}`, 202},
		"POST /ops/v1/decisions/inputs":                     {`{"since":"2026-11-01T00:00:00Z","until":"2026-11-24T09:00:00Z"}`, 200},
		"GET /ops/v1/policies/shadow":                       {"", 200},
		"POST /ops/v1/reload":                               {`{"preview":true}`, 200},
		"GET /ops/v1/jobs":                                  {"", 200},
		"GET /ops/v1/breakglass":                            {"", 200},
		"POST /ops/v1/breakglass/open":                      {glassOpen, 200},
		"POST /ops/v1/breakglass/" + openingID + "/confirm": {`{"reason":"seen it"}`, 200},
		"POST /ops/v1/breakglass/" + openingID + "/close":   {`{"reason":"seen it"}`, 200},
		"POST /ops/v1/breakglass/" + openingID + "/query":   {glassQuery, 200},
		"GET /ops/v1/jobs/" + jobID:                         {"", 200},
		"POST /ops/v1/jobs/" + jobID + "/stop":              {`{"reason":"too slow"}`, 200},
		"POST /ops/v1/platforms/wechat/enable":              {`{"reason":"it is back"}`, 200},
		"POST /ops/v1/platforms/wechat/disable":             {`{"reason":"maintenance"}`, 200},
		"POST /ops/v1/platforms/wechat/reconcile":           {`{"reason":"weekly"}`, 202},
		"GET /ops/v1/platforms/wechat/report":               {"", 200},
		"POST /ops/v1/platforms/wechat/repair":              {`{"comparison":"` + jobID + `","reason":"mend it"}`, 202},
		"POST /ops/v1/backup":                               {`{"reason":"nightly"}`, 202},
		"GET /ops/v1/backup/last":                           {"", 200},
		"GET /ops/v1/policies":                              {"", 200},
		"POST /ops/v1/policies/publish":                     {"a bundle", 422},
		"POST /ops/v1/policies/rollback":                    {`{"order": {}}`, 200},
	}
	if len(calls) != operationsOf(r.document) {
		t.Errorf("%d of %d operations are called", len(calls), operationsOf(r.document))
	}
	for call, c := range calls {
		method, path, _ := strings.Cut(call, " ")
		if status, body := r.send(t, "li", method, path, c.body); status != c.status {
			t.Errorf("%s: %d %v", call, status, body)
		}
		if status, body := r.send(t, "", method, path, c.body); status != 401 {
			t.Errorf("%s unsigned: %d %v", call, status, body)
		}
	}
	morning := time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	for _, want := range []changefeed.Selection{{Platform: "wechat", Reason: exchange.NoRecord, From: morning}, {Until: morning.Add(8 * time.Hour)}} {
		if !slices.Contains(r.desk.asked, want) {
			t.Errorf("selections %+v lack %+v", r.desk.asked, want)
		}
	}
	if len(r.desk.orders) != 8 {
		t.Fatalf("%d orders", len(r.desk.orders))
	}
	for _, order := range r.desk.orders {
		if order.By.Operator != "li" || order.By.Reason == "" || order.Caller.KeyID != "li-1" || len(order.Caller.SignedBytes) == 0 ||
			len(order.Caller.Signature) == 0 || len(order.Caller.Body) == 0 || len(order.ID) != 36 {
			t.Errorf("order %+v", order)
		}
	}
}

// withPolicyDesk puts the desk of policies before the rest, as a gateway does whose policies must be signed.
func withPolicyDesk(rest http.Handler, verifier policydesk.Verifier, signer policydesk.Signer) http.Handler {
	desk := policydesk.New(standing{}, verifier, signer, slog.New(slog.DiscardHandler), 1<<20)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if policydesk.Serves(r.URL.Path) {
			desk.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
}

// standing is a desk with a publication, one before it and one that was taken back, with every member that there is.
type standing struct{}

func (standing) Standing(context.Context) (any, error) {
	digest := strings.Repeat("4f", 32)
	one := publish.Active{
		Content: digest, Revision: digest, Sequence: 1795500000000, Author: "li.wei", Approved: []string{"wang.fang"}, Accepted: testNow(), Since: testNow(),
		Note: "a note", Number: 2, Widens: true, Restored: "wang.fang", Reason: "why",
	}
	told := publish.Standing{
		Sequence: one.Sequence, Active: one, Former: []publish.Active{{}}, Publications: 3,
		Undone: []publish.Undone{{Active: one, By: "wang.fang", At: testNow(), Why: "why"}},
	}
	nodes := []map[string]any{{"node": "alone", "revision": digest, "since": testNow()}}
	return map[string]any{"inForce": digest, "standing": told, "nodes": nodes}, nil
}

func (standing) Publish(context.Context, []byte) (any, error) {
	return nil, &policydesk.Refusal{Code: "tampered", Text: exchange.Text{ZH: "不一致", EN: "not what was signed"}, Detail: "a.rego:3"}
}

func (s standing) Rollback(ctx context.Context, _ []byte) (any, error) { return s.Standing(ctx) }

func operationsOf(document *openapi3.T) int {
	count := 0
	for _, item := range document.Paths.Map() {
		count += len(item.Operations())
	}
	return count
}

func TestWhatOperatorsAreRefused(t *testing.T) {
	t.Parallel()
	r := newOpsRig(t)
	const replay = "/ops/v1/changes/replay"
	for name, c := range map[string]struct {
		as, method, path, body string
		status                 int
		code                   string
	}{
		"unknown key":             {"stranger", "GET", "/ops/v1/changes/status", "", 401, "unknown-platform"},
		"nothing there, unsigned": {"", "GET", "/ops/v1/nothing", "", 401, "signature-missing"},
		"nothing there":           {"li", "GET", "/ops/v1/nothing", "", 404, "not-found"},
		"another spelling":        {"li", "GET", "/ops/v1//changes/status", "", 404, "not-found"},
		"a dot":                   {"li", "GET", "/ops/v1/./changes/status", "", 404, "not-found"},
		"a slash behind":          {"li", "GET", "/ops/v1/changes/status/", "", 404, "not-found"},
		"percent":                 {"li", "GET", "/ops/v1/changes%2Fstatus", "", 404, "not-found"},
		"query string":            {"li", "GET", "/ops/v1/changes/status?x=1", "", 422, "invalid-request"},
		"another method":          {"li", "POST", "/ops/v1/changes/status", "{}", 405, "method-not-allowed"},
		"body where none belongs": {"li", "GET", "/ops/v1/jobs", "{}", 422, "invalid-request"},
		"no body":                 {"li", "POST", replay, "", 415, "unsupported-media-type"},
		"no JSON":                 {"li", "POST", replay, "{", 400, "malformed-json"},
		"member twice":            {"li", "POST", replay, `{"token":"a","token":"b","reason":"why"}`, 400, "malformed-json"},
		"unknown member":          {"li", "POST", replay, `{"token":"a","reason":"why","force":true}`, 422, "invalid-request"},
		"no reason":               {"li", "POST", replay, `{"token":"a"}`, 422, "invalid-request"},
		"empty reason":            {"li", "POST", replay, `{"token":"a","reason":"    "}`, 422, "invalid-request"},
		"a person in the reason":  {"li", "POST", replay, `{"token":"a","reason":"of ` + idGood + `"}`, 422, "invalid-request"},
		"a line break":            {"li", "POST", replay, `{"token":"a","reason":"why\nnot"}`, 422, "invalid-request"},
		"an escape sequence":      {"li", "POST", replay, `{"token":"a","reason":"why\u001b[2J"}`, 422, "invalid-request"},
		"a C1 control":            {"li", "POST", replay, `{"token":"a","reason":"why\u0085not"}`, 422, "invalid-request"},
		"a line separator":        {"li", "POST", replay, `{"token":"a","reason":"why\u2028not"}`, 422, "invalid-request"},
		"an embedding":            {"li", "POST", replay, `{"token":"a","reason":"why\u202anot"}`, 422, "invalid-request"},
		"nothing to be seen":      {"li", "POST", replay, `{"token":"a","reason":"\u200b\u3164\u200b"}`, 422, "invalid-request"},
		"an override":             {"li", "POST", replay, `{"token":"a","reason":"why\u202enot"}`, 422, "invalid-request"},
		"an isolate":              {"li", "POST", replay, `{"token":"a","reason":"why\u2066not"}`, 422, "invalid-request"},
		"an isolate's end":        {"li", "POST", replay, `{"token":"a","reason":"why\u2069not"}`, 422, "invalid-request"},
		"too fast":                {"li", "POST", replay, `{"token":"a","reason":"why","perSecond":100000}`, 422, "invalid-request"},
		"too slow":                {"li", "POST", replay, `{"token":"a","reason":"why","perSecond":0}`, 422, "invalid-request"},
		"a long list":             {"li", "POST", "/ops/v1/changes/parked", `{"limit":100000}`, 422, "invalid-request"},
		"no time":                 {"li", "POST", "/ops/v1/changes/parked", `{"from":"2026-13-24T09:00:00Z"}`, 422, "invalid-request"},
		"token and selection":     {"li", "POST", "/ops/v1/changes/preview", `{"token":"a","platform":"wechat"}`, 422, "invalid-request"},
		"another's comparison":    {"li", "POST", "/ops/v1/platforms/zheliban/repair", `{"comparison":"` + jobID + `","reason":"mend"}`, 422, "invalid-request"},
		"no such comparison":      {"li", "POST", "/ops/v1/platforms/wechat/repair", `{"comparison":"0","reason":"mend"}`, 422, "invalid-request"},
		"never compared":          {"li", "GET", "/ops/v1/platforms/zheliban/report", "", 404, "not-found"},
		"no such job":             {"li", "GET", "/ops/v1/jobs/0", "", 404, "not-found"},
		"larger than any":         {"li", "POST", replay, `{"token":"` + strings.Repeat("a", 20<<10) + `"}`, 413, "body-too-large"},
	} {
		status, body := r.send(t, c.as, c.method, c.path, c.body)
		if status != c.status || body["code"] != c.code {
			t.Errorf("%s: %d %v, want %d %s", name, status, body["code"], c.status, c.code)
		}
	}
	if len(r.desk.orders) != 0 {
		t.Errorf("orders %+v", r.desk.orders)
	}
	if strings.Contains(r.logs.String(), idGood) {
		t.Error("a personal number in the log")
	}
}

func TestOperatorsFailures(t *testing.T) {
	t.Parallel()
	r := newOpsRig(t)
	request := must(http.NewRequest("GET", r.server.URL+"/ops/v1/jobs", nil))(t)
	if err := r.signers["li"].SignHTTP(request, nil); err != nil {
		t.Fatal(err)
	}
	if status, _ := r.do(t, request.Clone(t.Context())); status != 200 {
		t.Errorf("first: %d", status)
	}
	if status, body := r.do(t, request.Clone(t.Context())); status != 409 || body["code"] != "request-replayed" {
		t.Errorf("played again: %d %v", status, body)
	}
	r.desk.err = &exchange.Error{Code: exchange.InvalidRequest}
	if status, body := r.send(t, "li", "POST", "/ops/v1/changes/replay", `{"token":"a","reason":"why"}`); status != 422 || body["pointers"].([]any)[0].(map[string]any)["pointer"] != "/token" {
		t.Errorf("no token: %d %v", status, body)
	}
	r.desk.err = errors.New("disk of " + idGood)
	if status, body := r.send(t, "li", "GET", "/ops/v1/changes/status", ""); status != 500 || body["code"] != "internal" {
		t.Errorf("failure: %d %v", status, body)
	}
	r.desk.panics = true
	if status, body := r.send(t, "li", "GET", "/ops/v1/changes/status", ""); status != 500 || body["code"] != "internal" {
		t.Errorf("panic: %d %v", status, body)
	}
	if logs := r.logs.String(); strings.Contains(logs, idGood) || !strings.Contains(logs, `"operator":"li"`) {
		t.Errorf("log %s", logs)
	}
	if _, err := gateway.NewOperators(gateway.OperatorsDeps{}); err == nil {
		t.Error("made of nothing")
	}
}

func TestChangeMetricsAreKeptForSeconds(t *testing.T) {
	t.Parallel()
	desk, c, registry := &repairs{}, &clock{now: testNow()}, prometheus.NewRegistry()
	metrics := must(gateway.NewChangeMetrics(registry, desk, c.Now, slog.New(slog.DiscardHandler)))(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- metrics.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	scrape := func() string {
		recorder := httptest.NewRecorder()
		gateway.Ops(registry).ServeHTTP(recorder, httptest.NewRequest("GET", "/metrics", nil))
		return recorder.Body.String()
	}
	text := scrape()
	for !strings.Contains(text, "zhengqiao_changes_lag_seconds{") && t.Context().Err() == nil { // the first may not be ready in time
		text = scrape()
	}
	for _, want := range []string{
		`zhengqiao_changes_lag_seconds{platform="wechat"} 1.5`, `zhengqiao_changes_pending{platform="wechat"} 3`,
		`zhengqiao_changes_aside{platform="wechat"} 1`, `zhengqiao_changes_parked{platform="wechat"} 2`, `zhengqiao_changes_divergence{kind="missing",platform="wechat"} 1`,
		`zhengqiao_changes_divergence{kind="ahead",platform="wechat"} 0`, `zhengqiao_changes_divergence_oldest_seconds{platform="wechat"} 60`,
		`zhengqiao_changes_lag_seconds{platform="zheliban"} 0`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics lack %s:\n%s", want, text)
		}
	}
	if strings.Contains(text, `divergence{kind="missing",platform="zheliban"}`) {
		t.Error("a platform that was never compared has a divergence")
	}
	if scrape(); desk.count() != 1 {
		t.Errorf("asked %d times in a second", desk.count())
	}
	c.turn(6 * time.Second)
	desk.fails(errors.New("down"))
	for strings.Contains(scrape(), "zhengqiao_changes_lag_seconds{") && t.Context().Err() == nil { // the old one stands in until the failure is known
	}
	if desk.count() != 2 {
		t.Errorf("after a while: %d calls", desk.count())
	}
}

// TestSlowStatusCostsNoOtherMetric: a disk that hangs must not blind the operator.
func TestSlowStatusCostsNoOtherMetric(t *testing.T) {
	t.Parallel()
	desk, c, registry := &repairs{}, &clock{now: testNow()}, prometheus.NewRegistry()
	must(gateway.NewChangeMetrics(registry, desk, c.Now, slog.New(slog.DiscardHandler)))(t) // nobody runs it: no status is ever ready
	other := prometheus.NewCounter(prometheus.CounterOpts{Name: "other_total"})
	registry.MustRegister(other)
	recorder := httptest.NewRecorder()
	gateway.Ops(registry).ServeHTTP(recorder, httptest.NewRequest("GET", "/metrics", nil))
	if text := recorder.Body.String(); recorder.Code != 200 || !strings.Contains(text, "other_total 0") || strings.Contains(text, "zhengqiao_changes_lag_seconds{") {
		t.Errorf("%d %s", recorder.Code, text)
	}
}
