package telemetry_test

import (
	"context"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	traces "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/telemetry"
	"github.com/zhengqiao/zhengqiao/internal/telemetry/collectortest"
)

const (
	callerTrace   = "4bf92f3577b34da6a3ce929d0e0e4736"
	callerSpan    = "00f067aa0ba902b7"
	callerParent  = "00-" + callerTrace + "-" + callerSpan + "-01"
	callerDropped = "00-" + callerTrace + "-" + callerSpan + "-00"
	numberParent  = "00-0000000" + "110105194912310021" + "0000000-" + callerSpan + "-01"
)

// opened gives a tracer that keeps everything, and its end: after it, all spans are at the collector.
func opened(t *testing.T, config telemetry.Config) (*telemetry.Tracer, *collectortest.Collector, func() []*traces.Span) {
	t.Helper()
	collector := collectortest.Start(t)
	config.Endpoint = collector.URL
	tracer, err := telemetry.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return tracer, collector, func() []*traces.Span {
		if err := tracer.Close(t.Context()); err != nil {
			t.Error(err)
		}
		return collector.Wait(t, func([]*traces.Span) bool { return true })
	}
}

func TestWhatACallerSaysOfTraces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		as          telemetry.Traceparent
		ratio       float64
		proven      bool
		traceparent []string
		part        bool // of the caller's trace
		link        bool // to it
		kept        bool
	}{
		"linked by default":            {"", 1, true, []string{callerParent}, false, true, true},
		"link does not decide":         {telemetry.TraceparentLink, 0, true, []string{callerParent}, false, false, false},
		"parent":                       {telemetry.TraceparentParent, 1, true, []string{callerParent}, true, false, true},
		"parent decides to keep":       {telemetry.TraceparentParent, 0, true, []string{callerParent}, true, false, true},
		"parent decides to drop":       {telemetry.TraceparentParent, 1, true, []string{callerDropped}, true, false, false},
		"a stranger decides nothing":   {telemetry.TraceparentParent, 0, false, []string{callerParent}, false, false, false},
		"a stranger is no parent":      {telemetry.TraceparentParent, 1, false, []string{callerParent}, false, false, true},
		"ignored":                      {telemetry.TraceparentIgnore, 1, true, []string{callerParent}, false, false, true},
		"garbage":                      {telemetry.TraceparentParent, 1, true, []string{"00-zz-zz-01"}, false, false, true},
		"twice":                        {telemetry.TraceparentParent, 1, true, []string{callerParent, callerParent}, false, false, true},
		"long":                         {telemetry.TraceparentParent, 1, true, []string{"01" + callerParent[2:] + strings.Repeat("-a", 99)}, false, false, true},
		"an ID number in the trace id": {telemetry.TraceparentParent, 1, true, []string{numberParent}, false, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tracer, collector, end := opened(t, telemetry.Config{Ratio: c.ratio, Traceparent: c.as})
			began := time.Now().Add(-time.Minute)
			_, id, finish := tracer.Begin(t.Context(), "queryLicence", http.Header{"Traceparent": c.traceparent}, c.proven, began)
			finish(false, []slog.Attr{slog.String("outcome", "answered"), slog.Int("sent", 7)})
			spans := end()
			if kept := len(spans) == 1; kept != c.kept || (id != "") != c.kept {
				t.Fatalf("%d spans, id %q, want kept %v", len(spans), id, c.kept)
			}
			if strings.Contains(collector.Text(), "110105194912310021") {
				t.Error("an ID number went out")
			}
			if !c.kept {
				return
			}
			if got := hex.EncodeToString(spans[0].TraceId); (got == callerTrace) != c.part || got != id {
				t.Errorf("trace %s, id %s, want the caller's: %v", got, id, c.part)
			}
			if linked := len(spans[0].Links) == 1; linked != c.link {
				t.Errorf("links %v, want one: %v", spans[0].Links, c.link)
			}
			if got := time.Unix(0, int64(spans[0].StartTimeUnixNano)); !got.Equal(began.Round(0)) {
				t.Errorf("began %s, want %s", got, began)
			}
		})
	}
}

// A step below a request that is kept is a span of the same trace; below nothing it is none.
func TestSteps(t *testing.T) {
	t.Parallel()
	tracer, _, end := opened(t, telemetry.Config{Ratio: 1})
	decider := tracer.Decider(decides{})
	recorder := tracer.Recorder(records{})
	source := exchange.Source{ID: "tmri-sh", Kind: "tmri", Licences: answers{}, Identities: answers{}}
	tracer.Source(&source)
	work := func(ctx context.Context) {
		_, _ = decider.Decide(ctx, exchange.DecisionRequest{})
		_, _ = source.Licences.Licence(ctx, exchange.SourceRequest{})
		_, _ = source.Identities.Match(ctx, exchange.SourceRequest{})
		carry := http.Header{}
		tracer.Attempt(ctx, "tmri-sh", 1, carry)(503, exchange.SourceDown)
		if kept := telemetry.TraceID(ctx) != ""; kept != (carry.Get("Traceparent") != "") {
			t.Errorf("carried %v", carry)
		}
		_, _ = recorder.Record(ctx, &exchange.Record{})
	}
	work(t.Context()) // nobody's request
	ctx, id, finish := tracer.Begin(t.Context(), "queryLicence", nil, true, time.Now())
	work(ctx)
	finish(true, nil)
	spans := end()
	if telemetry.TraceID(ctx) != id || source.Violations != nil {
		t.Error("the context's trace is not the request's, or an operation appeared")
	}
	names := ""
	for _, span := range spans {
		names += span.Name + " "
		if hex.EncodeToString(span.TraceId) != id {
			t.Errorf("%s is of another trace", span.Name)
		}
	}
	if names != "policy.decide source.licence source.identity outbound.attempt journal.append queryLicence " {
		t.Errorf("got %s", names)
	}
	for name, want := range map[string]string{"policy.decide": "", "source.licence": "source-down", "outbound.attempt": "source-down", "journal.append": "internal"} {
		if got := collectortest.Named(spans, name).Status.GetMessage(); got != want {
			t.Errorf("%s ended with %q, want %q", name, got, want)
		}
	}
}

// The delivery of a change refers to the trace of its report, by what the change carries.
func TestChangesCarryTheirTrace(t *testing.T) {
	t.Parallel()
	tracer, _, end := opened(t, telemetry.Config{Ratio: 1})
	_, traceparent, finish := tracer.Report(t.Context(), "tmri-sh")
	finish("accepted", nil)
	_, done := tracer.Deliver(t.Context(), "zheliban", traceparent)
	done("delivered", false)
	_, done = tracer.Deliver(t.Context(), "zheliban", "")
	done("source-down", true)
	spans := end()
	report, delivery := collectortest.Named(spans, "changes.report"), collectortest.Named(spans, "changes.deliver")
	if len(spans) != 3 || len(delivery.Links) != 1 || string(delivery.Links[0].TraceId) != string(report.TraceId) ||
		string(delivery.TraceId) == string(report.TraceId) || len(spans[2].Links) != 0 {
		t.Errorf("got %v", spans)
	}
}

func TestNobodyFollows(t *testing.T) {
	t.Parallel()
	var tracer *telemetry.Tracer
	ctx, id, end := tracer.Begin(t.Context(), "x", nil, true, time.Now())
	end(true, nil)
	_, traceparent, reported := tracer.Report(ctx, "x")
	reported("", nil)
	_, told := tracer.Deliver(ctx, "x", "")
	told("", true)
	_, stepped := tracer.Step(ctx, "x")
	stepped(nil)
	tracer.Attempt(ctx, "x", 1, nil)(200, "")
	if ctx != t.Context() || id != "" || traceparent != "" || tracer.Close(ctx) != nil {
		t.Error("something was done")
	}
	if given := (decides{}); tracer.Decider(given) != exchange.Decider(given) {
		t.Error("a decider was wrapped for nobody")
	}
}

// A collector that is away costs nobody anything but its spans, and is told of.
func TestCollectorAway(t *testing.T) {
	t.Parallel()
	lost, ended := make(chan error, 1), 0
	tracer, err := telemetry.Open(t.Context(), telemetry.Config{
		Endpoint: "http://127.0.0.1:1", Ratio: 1,
		Observe: func(_ int, failure error) { lost <- failure }, Ended: func() { ended++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	_, _, end := tracer.Begin(t.Context(), "x", nil, true, time.Now())
	end(false, nil)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_ = tracer.Close(ctx) // whether the collector refuses before or after the time is over
	if failure := <-lost; failure == nil {
		t.Error("spans are said to be exported")
	}
	if ended != 1 {
		t.Errorf("%d spans are said to have ended, want 1", ended)
	}
}

func TestTokenAndResource(t *testing.T) {
	t.Parallel()
	tracer, collector, end := opened(t, telemetry.Config{Ratio: 1, Token: "secret-token", Version: "v1", Node: "a"})
	_, _, finish := tracer.Begin(t.Context(), "x", nil, true, time.Now())
	finish(false, nil)
	end()
	if got := collector.Requests()[0].Header.Get("Authorization"); got != "Bearer secret-token" {
		t.Errorf("authorization %q", got)
	}
	for _, want := range []string{"service.name", "zhengqiao", "service.version", "service.instance.id"} {
		if !strings.Contains(collector.Text(), want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestSettingsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for want, config := range map[string]telemetry.Config{
		"endpoint":    {Endpoint: "collector:4318"},
		"token":       {Endpoint: "http://a:b@collector:4318"},
		"ratio":       {Endpoint: "http://collector:4318", Ratio: 2},
		"traceparent": {Endpoint: "http://collector:4318", Traceparent: "trust"},
	} {
		if _, err := telemetry.Open(t.Context(), config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to name %s", err, want)
		}
	}
}

type decides struct{}

func (decides) Decide(context.Context, exchange.DecisionRequest) (exchange.Decision, error) {
	return exchange.Decision{Allow: true, Revision: "r1"}, nil
}

type records struct{}

func (records) Record(context.Context, *exchange.Record) (exchange.Receipt, error) {
	return exchange.Receipt{}, errors.New("disk full")
}

type answers struct{}

func (answers) Licence(context.Context, exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	return exchange.Sighting[exchange.Licence]{}, &exchange.Error{Code: exchange.SourceDown}
}

func (answers) Match(context.Context, exchange.SourceRequest) (exchange.IdentityVerdict, error) {
	return exchange.IdentityMatches, nil
}
