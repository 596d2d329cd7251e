package suihaoban

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

func notice(idNumber string, version int) string {
	return `{"jszbs":"a","bbh":` + strconv.Itoa(version) + `,"sfzmhm":"` + idNumber + `","bgsx":[],"sj":{"zt":"D"},"tmzd":[]}`
}

func TestStatus(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.person("normal-shanghai").IDNumber // kept elsewhere, shown here
	expect(t, "told", b.call(PathStatus, "1", notice(id, 7), nil), http.StatusOK, `"errcode":0,"errmsg":"成功","data":{"jszbs":"a","bbh":7}`)
	expect(t, "older", b.call(PathStatus, "2", notice(id, 6), nil), http.StatusOK, `"data":{"jszbs":"a","bbh":7}`)
	if held, known := b.server.Told(id); !known || held.Version != 7 || held.Fields["zt"] != "D" || !held.Learned.Equal(*b.now) {
		t.Errorf("told %+v", held)
	}
	expect(t, "held", b.call(PathHeld, "3", `{"jszbs":"","ts":10}`, nil), http.StatusOK, `"data":[{"jszbs":"a","bbh":7,"zy":"`)
	expect(t, "held after it", b.call(PathHeld, "4", `{"jszbs":"a","ts":10}`, nil), http.StatusOK, `"data":[]`)
}

func TestStatusRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.person("normal-shanghai").IDNumber
	expect(t, "unsigned", b.call(PathStatus, "1", notice(id, 7), set("x-tif-signature", "00")), http.StatusInternalServerError, `400001`)
	expect(t, "another city", b.call(PathStatus, "2", notice(id, 7), set("x-yss-city-code", "110100")), http.StatusOK, `"errcode":40001`)
	expect(t, "nobody", b.call(PathStatus, "3", notice("11010519491231002X", 7), nil), http.StatusOK, `"errcode":40004`)
	expect(t, "not a notice", b.call(PathStatus, "4", `{}`, nil), http.StatusOK, `"errcode":40003`)
	expect(t, "not a question", b.call(PathHeld, "5", `{}`, nil), http.StatusOK, `"errcode":40003`)
	if _, known := b.server.Told(id); known {
		t.Error("a refused notice was kept")
	}
	for _, setting := range []fault.Fault{
		{Kind: fault.WrongPerson, Operation: OperationStatus, Times: 1}, {Kind: fault.Business, Code: "50012", Operation: OperationHeld, Times: 1},
	} {
		if err := b.server.Faults().Set(setting); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, "another's receipt", b.call(PathStatus, "6", notice(id, 7), nil), http.StatusOK, `"jszbs":"another"`)
	expect(t, "business failure", b.call(PathHeld, "7", `{"ts":1}`, nil), http.StatusOK, `"errcode":50012`)
}
