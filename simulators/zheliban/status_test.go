package zheliban

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

func (b bundle) tell(idNumber string, version int) *httptest.ResponseRecorder {
	body := `{"jszbs":"a","bbh":` + strconv.Itoa(version) + `,"sfzmhm":"` + idNumber + `","bgsx":[],"sj":{"zt":"D"},"tmzd":[]}`
	return b.irs(accessKey, secretKey, PathStatus, body, nil)
}

func TestStatus(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.person("normal-shanghai").IDNumber // kept elsewhere, shown here
	expect(t, "told", b.tell(id, 7), http.StatusOK, `"success":true`, `"data":{"jszbs":"a","bbh":7}`)
	expect(t, "older", b.tell(id, 6), http.StatusOK, `"data":{"jszbs":"a","bbh":7}`)
	if held, known := b.server.Told(id); !known || held.Version != 7 || held.Fields["zt"] != "D" || !held.Learned.Equal(*b.now) {
		t.Errorf("told %+v", held)
	}
	held := func(body string) *httptest.ResponseRecorder { return b.irs(accessKey, secretKey, PathHeld, body, nil) }
	expect(t, "held", held(`{"jszbs":"","ts":10}`), http.StatusOK, `"data":[{"jszbs":"a","bbh":7,"zy":"`)
	expect(t, "held after it", held(`{"jszbs":"a","ts":10}`), http.StatusOK, `"data":[]`)
	expect(t, "not a question", held(`{}`), http.StatusOK, `"errorCode":"PARAMETER_INVALID"`)
	if calls := b.server.Calls(); calls[OperationStatus] != 2 || calls[OperationHeld] != 3 {
		t.Errorf("calls %v", calls)
	}
}

func TestStatusRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	expect(t, "unsigned", b.irs(accessKey, "wrong", PathStatus, `{}`, nil), http.StatusUnauthorized, `Invalid signature`)
	expect(t, "not subscribed", b.irs("other", "s", PathStatus, `{}`, nil), http.StatusUnauthorized, `route_id`)
	expect(t, "nobody", b.tell("11010519491231002X", 7), http.StatusOK, `"errorCode":"SUBJECT_UNKNOWN"`)
	expect(t, "not a notice", b.irs(accessKey, secretKey, PathStatus, `{}`, nil), http.StatusOK, `"errorCode":"PARAMETER_INVALID"`)
	if err := b.server.Faults().Set(fault.Fault{Kind: fault.WrongPerson, Operation: OperationStatus}); err != nil {
		t.Fatal(err)
	}
	expect(t, "another's receipt", b.tell(b.person("normal-shanghai").IDNumber, 7), http.StatusOK, `"jszbs":"another"`)
}
