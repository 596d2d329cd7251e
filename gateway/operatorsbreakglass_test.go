package gateway_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/breakglass"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
)

const openingID = "0123456789abcdef0123456789abcdef"

// glass opens whatever is asked for and keeps it.
type glass struct {
	mu     sync.Mutex
	orders []breakglass.Order
	wishes []breakglass.Wish
	asked  []breakglass.Question
	err    error
}

func (g *glass) note(order breakglass.Order) (breakglass.Opening, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.orders = append(g.orders, order)
	if g.err != nil {
		return breakglass.Opening{}, g.err
	}
	return breakglass.Opening{
		ID: openingID, Operator: "li", Subject: "pseudonym", Region: "310000", Reason: "why not", Reference: "120-7", LegalBasis: "PIPL-13-4", Minutes: 10,
		Most: 3, Asked: testNow(), Until: testNow().Add(10 * time.Minute),
	}, nil
}

func (g *glass) List(context.Context) ([]breakglass.Opening, time.Time, error) {
	opening, err := g.note(breakglass.Order{Operator: "li", Reason: "list"})
	return []breakglass.Opening{opening}, testNow(), err
}

func (g *glass) Open(_ context.Context, order breakglass.Order, wish breakglass.Wish) (breakglass.Opening, error) {
	g.wishes = append(g.wishes, wish)
	return g.note(order)
}

func (g *glass) Confirm(_ context.Context, order breakglass.Order, _ string) (breakglass.Opening, error) {
	return g.note(order)
}

func (g *glass) Close(_ context.Context, order breakglass.Order, _ string) (breakglass.Opening, error) {
	return g.note(order)
}

func (g *glass) Query(_ context.Context, order breakglass.Order, _ string, asked breakglass.Question) (*exchange.Answer, breakglass.Opening, error) {
	g.asked = append(g.asked, asked)
	opening, err := g.note(order)
	return &exchange.Answer{Body: []byte(`{"licence":{}}`), Receipt: exchange.Receipt{Log: "test", Digest: strings.Repeat("0", 64), RecordedAt: testNow()}}, opening, err
}

func withBreakGlass(g *glass) func(*gateway.OperatorsDeps) {
	return func(deps *gateway.OperatorsDeps) { deps.BreakGlass = g }
}

const (
	glassPerson = `"subject":{"name":"张三","idNumber":"` + idGood + `"}`
	glassOpen   = `{` + glassPerson + `,"region":"310000","reason":"patient unconscious","reference":"120-7","legalBasis":"PIPL-13-4","minutes":10}`
	glassQuery  = `{` + glassPerson + `,"operation":"violations.query","vehicles":[{"plateType":"02","plateNumber":"沪A12345"}]}`
)

func TestEmergencyAccessIsTheSignersAndLogged(t *testing.T) {
	t.Parallel()
	g := &glass{}
	r := newOpsRig(t, withBreakGlass(g))
	if status, body := r.send(t, "li", "POST", "/ops/v1/breakglass/open", glassOpen); status != 200 || body["state"] != "open" || body["subject"] != nil {
		t.Fatalf("%d %v", status, body)
	}
	order, wish := g.orders[0], g.wishes[0]
	if order.Operator != "li" || order.Reason != "patient unconscious" || order.Caller.KeyID != "li-1" || len(order.Caller.SignedBytes) == 0 ||
		len(order.Caller.Signature) == 0 || len(order.ID) != 36 || wish.Region != "310000" || wish.Reference != "120-7" || wish.Minutes != 10 || wish.Subject.Reveal() != idGood {
		t.Errorf("order %+v, wish %+v", order, wish)
	}
	status, body := r.send(t, "li", "POST", "/ops/v1/breakglass/"+openingID+"/query", glassQuery)
	if status != 200 || body["answer"] != `{"licence":{}}` || len(g.asked) != 1 || len(g.asked[0].Vehicles) != 1 || g.asked[0].Subject.Name != "张三" {
		t.Errorf("%d %v, asked %+v", status, body, g.asked)
	}
	if log := r.logs.String(); strings.Count(log, openingID) != 2 || strings.Contains(log, idGood) || !strings.Contains(log, `"level":"WARN"`) {
		t.Errorf("log %s", log)
	}
}

// Nothing of a person gets into what is kept for years, and nothing that is not whole is passed on.
func TestEmergencyAccessRefusesWhatRecordsMustNotHold(t *testing.T) {
	t.Parallel()
	g := &glass{}
	r := newOpsRig(t, withBreakGlass(g))
	spaced := idGood[:6] + " " + idGood[6:14] + " " + idGood[14:]
	for name, body := range map[string]string{
		"a number in the reason":     strings.Replace(glassOpen, "unconscious", idGood, 1),
		"a spaced one":               strings.Replace(glassOpen, "unconscious", spaced, 1),
		"a number for a reference":   strings.Replace(glassOpen, "120-7", idGood, 1),
		"a number for a basis":       strings.Replace(glassOpen, "PIPL-13-4", idGood, 1),
		"no reason":                  strings.Replace(glassOpen, "patient unconscious", "   ", 1),
		"a reason of two lines":      strings.Replace(glassOpen, "patient ", `patient\n`, 1),
		"a reason turned round":      strings.Replace(glassOpen, "patient ", "patient \u202e", 1),
		"a long reason":              strings.Replace(glassOpen, "patient", strings.Repeat("p", 201), 1),
		"no reference":               strings.Replace(glassOpen, "120-7", " ", 1),
		"no such region":             strings.Replace(glassOpen, "310000", "990000", 1),
		"the whole country":          strings.Replace(glassOpen, "310000", "000000", 1),
		"no minutes":                 strings.Replace(glassOpen, `"minutes":10`, `"minutes":0`, 1),
		"hours":                      strings.Replace(glassOpen, `"minutes":10`, `"minutes":61`, 1),
		"a wrong check character":    strings.Replace(glassOpen, idGood, idGood[:17]+"1", 1),
		"no name":                    strings.Replace(glassOpen, "张三", " ", 1),
		"a member nobody knows":      strings.Replace(glassOpen, `"minutes"`, `"operator":"wang","minutes"`, 1),
		"a question for the picture": strings.Replace(glassQuery, "violations.query", "violations.picture", 1),
	} {
		path := "/ops/v1/breakglass/open"
		if strings.Contains(body, "operation\"") {
			path = "/ops/v1/breakglass/" + openingID + "/query"
		}
		if status, answer := r.send(t, "li", "POST", path, body); status != 422 {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	if len(g.orders) != 0 || strings.Contains(r.logs.String(), idGood) || strings.Contains(r.logs.String(), spaced) {
		t.Errorf("%d orders; log %s", len(g.orders), r.logs.String())
	}
}

func TestEmergencyAccessFails(t *testing.T) {
	t.Parallel()
	refusal := &exchange.Error{Code: exchange.PolicyRefused, Reasons: []exchange.Reason{{Code: "breakglass_not_yours", Text: exchange.Text{ZH: "甲", EN: "a"}}}}
	for want, err := range map[int]error{403: refusal, 404: &exchange.Error{Code: exchange.NotFound}, 500: errors.New("with " + idGood)} {
		r := newOpsRig(t, withBreakGlass(&glass{err: err}))
		for _, call := range []string{"open " + glassOpen, openingID + "/confirm {\"reason\":\"seen\"}", openingID + "/close {\"reason\":\"seen\"}", openingID + "/query " + glassQuery} {
			path, body, _ := strings.Cut(call, " ")
			if status, answer := r.send(t, "li", "POST", "/ops/v1/breakglass/"+path, body); status != want {
				t.Errorf("%s: %d %v, want %d", path, status, answer, want)
			}
		}
		if strings.Contains(r.logs.String(), idGood) {
			t.Errorf("the log has the number: %s", r.logs.String())
		}
	}
	r := newOpsRig(t)
	if status, body := r.send(t, "li", "GET", "/ops/v1/breakglass", ""); status != 422 || body["code"] != "operation-not-offered" {
		t.Errorf("without a desk: %d %v", status, body)
	}
}
