package suishenban

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

// told is a notice of a change of normal-shanghai's licence, with some members replaced.
func (b bundle) told(session map[string]string, version int, changes map[string]any) map[string]any {
	members := map[string]any{
		"holderType": "居民身份证", "holderCode": b.person("normal-zhejiang").IDNumber, "catMainCode": catalogue, "licenceKey": "a",
		"version": version, "changeTime": "2026-11-24 09:00:00", "changes": []any{map[string]string{"changeType": "replaced"}},
		"data": map[string]string{"ZT": "A", "ZXBH": "3**1"}, "maskedItems": []string{"ZXBH"},
	}
	for name, value := range session {
		members[name] = value
	}
	for name, value := range changes {
		members[name] = value
	}
	return members
}

func (b bundle) send(t *testing.T, path string, members map[string]any) string {
	t.Helper()
	body, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	recorder := httptest.NewRecorder()
	b.server.ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, path, strings.NewReader(string(body))))
	return recorder.Body.String()
}

func TestStatus(t *testing.T) {
	t.Parallel()
	b := setup(t)
	session := b.login(t)
	for _, version := range []int{7, 6} {
		got := b.send(t, PathStatus, b.told(session, version, nil))
		if !strings.Contains(got, `"success":true`) || !strings.Contains(got, `"data":{"licenceKey":"a","version":7}`) {
			t.Errorf("version %d: %s", version, got)
		}
	}
	held, known := b.server.Told(b.person("normal-zhejiang").IDNumber)
	if !known || held.Version != 7 || held.Fields["ZT"] != "A" || held.Masked[0] != "ZXBH" || held.Events[0].Kind != "replaced" || !held.Learned.Equal(*b.now) {
		t.Errorf("told %+v", held)
	}
	question := map[string]any{"catMainCode": catalogue, "afterKey": "", "pageSize": 10}
	for name, value := range session {
		question[name] = value
	}
	if got := b.send(t, PathHeld, question); !strings.Contains(got, `{"digest":"`+held.Digest()+`","licenceKey":"a","version":7}`) {
		t.Errorf("held: %s", got)
	}
	question["pageSize"] = 0
	if got := b.send(t, PathHeld, question); !strings.Contains(got, errorParameter) {
		t.Errorf("no page: %s", got)
	}
}

func TestStatusRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	session := b.login(t)
	for name, c := range map[string]struct {
		changes map[string]any
		want    string
	}{
		"no session":          {map[string]any{"sessionId": "x"}, errorSession},
		"no purpose":          {map[string]any{"itemCode": " "}, errorPurpose},
		"nobody":              {map[string]any{"holderCode": "11010519491231002X"}, errorNotFound},
		"another catalogue":   {map[string]any{"catMainCode": "310105109000100"}, errorParameter},
		"an organisation":     {map[string]any{"holderType": "统一社会信用代码"}, errorParameter},
		"a name":              {map[string]any{"holderName": "吕晓岚"}, errorParameter},
		"a name as column":    {map[string]any{"data": map[string]string{"XM": "吕晓岚"}}, errorParameter},
		"no licence":          {map[string]any{"licenceKey": ""}, errorParameter},
		"version 0":           {map[string]any{"version": 0}, errorParameter},
		"masked in the clear": {map[string]any{"maskedItems": []string{"ZT"}}, errorParameter},
		"a time of nothing":   {map[string]any{"changes": []any{}}, errorParameter},
	} {
		if got := b.send(t, PathStatus, b.told(session, 7, c.changes)); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
	if _, known := b.server.Told(b.person("normal-zhejiang").IDNumber); known {
		t.Error("a refused notice was kept")
	}
	if err := b.server.Faults().Set(fault.Fault{Kind: fault.WrongPerson, Operation: OperationStatus}); err != nil {
		t.Fatal(err)
	}
	if got := b.send(t, PathStatus, b.told(session, 7, nil)); !strings.Contains(got, `"licenceKey":"another"`) {
		t.Errorf("another's receipt: %s", got)
	}
}
