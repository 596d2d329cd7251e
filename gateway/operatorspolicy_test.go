package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
)

// recorded gives one page, or fails.
type recorded struct {
	asked chan gateway.InputsAsked
	err   error
	quiet bool // no candidate is asked
}

func (r recorded) Inputs(_ context.Context, asked gateway.InputsAsked) (gateway.InputsPage, error) {
	if r.asked != nil {
		r.asked <- asked
	}
	return gateway.InputsPage{Inputs: []string{`{"id":"a"}`}, Next: "abc", Left: 7}, r.err
}

func (r recorded) Shadow() (json.RawMessage, error) {
	if r.quiet {
		return nil, nil
	}
	return json.RawMessage(`{"baseline":"a","candidate":"b","since":"2026-11-24T01:30:00Z","same":1,"changed":1,"failed":0,"skipped":0,"dropped":0,` +
		`"kinds":[{"kind":"field-gained","count":1,"widens":1}],"latest":[{"id":"x","at":"2026-11-24T01:30:00Z","platform":"suishenban",` +
		`"purpose":"self-query","operation":"licence.query","changes":[{"kind":"field-gained","field":"points","to":"none","widens":true}]}]}`), r.err
}

func withDecisions(d gateway.Decisions) func(*gateway.OperatorsDeps) {
	return func(deps *gateway.OperatorsDeps) { deps.Decisions = d }
}

const inputsPath, shadowPath = "/ops/v1/decisions/inputs", "/ops/v1/policies/shadow"

func TestOperatorsReadInputsAndShadow(t *testing.T) {
	t.Parallel()
	given := recorded{asked: make(chan gateway.InputsAsked, 1)}
	r := newOpsRig(t, withDecisions(given))
	status, page := r.send(t, "li", "POST", inputsPath, `{"since":"2026-11-01T00:00:00Z","until":"2026-11-24T00:00:00Z","platform":"suishenban","after":"abc"}`)
	if asked := <-given.asked; status != 200 || page["next"] != "abc" || asked.Platform != "suishenban" || asked.After != "abc" || asked.Since.Day() != 1 {
		t.Errorf("%d %v for %+v", status, page, asked)
	}
	if status, report := r.send(t, "li", "GET", shadowPath, ""); status != 200 || report["changed"] != 1.0 {
		t.Errorf("%d %v", status, report)
	}
	if status, p := r.send(t, "stranger", "GET", shadowPath, ""); status != 401 {
		t.Errorf("a stranger: %d %v", status, p)
	}
	if status, p := r.send(t, "li", "POST", inputsPath, `{"since":"2026-11-01T00:00:00Z"}`); status != 422 {
		t.Errorf("without an end: %d %v", status, p)
	}
}

func TestOperatorsAreToldWhereThereIsNothing(t *testing.T) {
	t.Parallel()
	const body = `{"since":"2026-11-01T00:00:00Z","until":"2026-11-24T00:00:00Z"}`
	for name, test := range map[string]struct {
		decisions    gateway.Decisions
		inputs, kept string
	}{
		"nothing kept":  {nil, "operation-not-offered", "operation-not-offered"},
		"no candidate":  {recorded{quiet: true}, "", "not-found"},
		"wrong token":   {recorded{err: &exchange.Error{Code: exchange.InvalidRequest}, quiet: true}, "invalid-request", ""},
		"damaged store": {recorded{err: errors.New("damaged")}, "internal", "internal"},
	} {
		r := newOpsRig(t, withDecisions(test.decisions))
		if _, p := r.send(t, "li", "POST", inputsPath, body); p["code"] != orNil(test.inputs) {
			t.Errorf("%s: inputs came out as %v", name, p)
		}
		if _, p := r.send(t, "li", "GET", shadowPath, ""); test.kept != "" && p["code"] != test.kept {
			t.Errorf("%s: the candidate's report came out as %v", name, p)
		}
	}
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}
