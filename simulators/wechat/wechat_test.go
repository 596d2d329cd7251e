package wechat

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

type bundle struct {
	server *standin.Server
	id     string // of a citizen
	now    *time.Time
}

func setup(t *testing.T) bundle {
	t.Helper()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, citizen.Zone())
	registry, err := citizen.New(1, now, 10)
	if err != nil {
		t.Fatal(err)
	}
	person, _ := registry.Persona("normal-shanghai")
	b := bundle{id: person.IDNumber, now: &now}
	b.server, err = New(Config{
		Apps: map[string]string{"wx1": "s"}, Pages: []string{"p"}, Allowed: 1,
		Templates: map[string]map[string][]string{"wx1": {"T": {"thing1"}}},
	}, registry, func() time.Time { return *b.now })
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b bundle) call(method, path, body string) string {
	recorder := httptest.NewRecorder()
	b.server.ServeHTTP(recorder, httptest.NewRequest(method, path, strings.NewReader(body)))
	return recorder.Body.String()
}

func (b bundle) token(t *testing.T) string {
	t.Helper()
	answer := b.call(http.MethodGet, PathToken+"?grant_type=client_credential&appid=wx1&secret=s", "")
	_, rest, found := strings.Cut(answer, `"access_token":"`)
	token, _, ended := strings.Cut(rest, `"`)
	if !found || !ended || !strings.Contains(answer, `"expires_in":7200`) {
		t.Fatalf("token: %s", answer)
	}
	return token
}

func (b bundle) post(path, token, body string) string {
	return b.call(http.MethodPost, path+"?access_token="+url.QueryEscape(token), body)
}

func expect(t *testing.T, name, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("%s: %s, want %s", name, got, want)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, c := range map[string][2]string{
		"another app":    {"?grant_type=client_credential&appid=wx2&secret=s", "40013"},
		"another secret": {"?grant_type=client_credential&appid=wx1&secret=x", "40125"},
		"another grant":  {"?grant_type=password&appid=wx1&secret=s", "40002"},
	} {
		expect(t, name, b.call(http.MethodGet, PathToken+c[0], ""), c[1])
	}
	first := b.token(t)
	expect(t, "good", b.post(PathHeld, first, `{"after_key":"","limit":1}`), `"errcode":0`)
	expect(t, "made up", b.post(PathHeld, "x", `{}`), "40001")
	second := b.token(t)
	*b.now = b.now.Add(overlap)
	expect(t, "the first after five minutes", b.post(PathHeld, first, `{}`), "42001")
	expect(t, "the second", b.post(PathHeld, second, `{"after_key":"","limit":1}`), `"errcode":0`)
	if err := b.server.Faults().Set(fault.Fault{Kind: fault.ForgetSecrets, Times: 1}); err != nil {
		t.Fatal(err)
	}
	expect(t, "forgotten", b.post(PathHeld, second, `{}`), "40001")
}

func TestSubscribe(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token, openID := b.token(t), OpenID("wx1", b.id)
	good := `{"touser":"` + openID + `","template_id":"T","page":"p","miniprogram_state":"formal","lang":"zh_CN","data":{"thing1":{"value":"暂扣"}}}`
	for name, c := range map[string][3]string{
		"nobody":              {openID, "o1", "40003"},
		"another template":    {`"T"`, `"U"`, "40037"},
		"another page":        {`"p"`, `"q"`, "41030"},
		"a key too many":      {`"thing1":`, `"thing2":{"value":"x"},"thing1":`, "47003"},
		"a key is missing":    {`"thing1":{"value":"暂扣"}`, ``, "47003"},
		"too long":            {"暂扣", strings.Repeat("证", 21), "47003"},
		"a member of no name": {`"lang"`, `"name"`, "47001"},
	} {
		expect(t, name, b.post(PathSubscribe, token, strings.Replace(good, c[0], c[1], 1)), c[2])
	}
	expect(t, "sent", b.post(PathSubscribe, token, good), `"errcode":0`)
	if held, known := b.server.Told(b.id); !known || held.Fields["thing1"] != "暂扣" {
		t.Errorf("told %+v", held)
	}
	expect(t, "one was asked for", b.post(PathSubscribe, token, good), "43101")
}

func TestValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, text string
		want       bool
	}{
		{"thing", "一", true}, {"thing", "", false}, {"number", "12", true}, {"number", "1.5", false}, {"number", "", false},
		{"character_string", "A-1", true}, {"character_string", "一", false}, {"phrase", "违法未处理", true}, {"phrase", "超分、暂扣", false},
		{"time", "2026年11月24日 09:00", true}, {"time", "2026年11月24日", false}, {"date", "2026年11月24日", true}, {"date", "2026-11-24", false},
		{"name", "沈嘉宁", false},
	} {
		if got := allowed(c.kind, c.text); got != c.want {
			t.Errorf("%s %q: %t", c.kind, c.text, got)
		}
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := b.token(t)
	good := `{"out_key":"a","version":7,"cert_info":{"cert_type":"IDENTITY_CARD","cert_no":"` + b.id + `"},"change_time":1,` +
		`"changes":[{"type":"replaced"}],"licence":{"status":"A","card_no":"3**1"},"masked":["card_no"]}`
	for name, c := range map[string][3]string{
		"nobody":              {b.id, "11010519491231002X", "40097"},
		"another document":    {"IDENTITY_CARD", "PASSPORT", "47001"},
		"a name":              {`"version"`, `"name":"x","version"`, "47001"},
		"a name as member":    {`"status":"A"`, `"name":"x"`, "47001"},
		"version 0":           {`"version":7`, `"version":0`, "47001"},
		"masked in the clear": {"3**1", "3101", "47001"},
		"a time of nothing":   {`{"type":"replaced"}`, ``, "47001"},
	} {
		expect(t, name, b.post(PathStatus, token, strings.Replace(good, c[0], c[1], 1)), c[2])
	}
	expect(t, "told", b.post(PathStatus, token, good), `{"errcode":0,"errmsg":"ok","out_key":"a","version":7}`)
	expect(t, "older", b.post(PathStatus, token, strings.Replace(good, `"version":7`, `"version":6`, 1)), `"version":7`)
	expect(t, "held", b.post(PathHeld, token, `{"after_key":"","limit":10}`), `"out_key":"a","version":7`)
	expect(t, "held after it", b.post(PathHeld, token, `{"after_key":"a","limit":10}`), `"list":[]`)
	expect(t, "no page", b.post(PathHeld, token, `{}`), "47001")
	expect(t, "by GET", b.call(http.MethodGet, PathStatus+"?access_token="+token, ""), "43002")
}

func TestNewNeedsAnApp(t *testing.T) {
	t.Parallel()
	if _, err := New(Config{}, nil, time.Now); err == nil {
		t.Error("no error")
	}
}
