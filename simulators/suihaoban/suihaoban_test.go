package suihaoban

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

type bundle struct {
	server   *standin.Server
	registry *citizen.Registry
	now      *time.Time
}

func setup(t *testing.T) bundle {
	t.Helper()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, citizen.Zone())
	registry, err := citizen.New(1, now, 10)
	if err != nil {
		t.Fatal(err)
	}
	b := bundle{registry: registry, now: &now}
	if b.server, err = New(Config{Tokens: map[string]string{"demo": "demo-token"}}, registry, func() time.Time { return *b.now }); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b bundle) person(key string) citizen.Citizen {
	person, _ := b.registry.Persona(key)
	return person
}

// post signs a call for a licence and lets the caller spoil it.
func (b bundle) post(nonce, body string, spoil func(http.Header)) *httptest.ResponseRecorder {
	return b.call(PathLicence, nonce, body, spoil)
}

// call signs a call to an address.
func (b bundle) call(path, nonce, body string, spoil func(http.Header)) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	timestamp := strconv.FormatInt(b.now.Unix(), 10)
	for name, value := range map[string]string{
		"x-tif-paasid": "demo", "x-tif-timestamp": timestamp, "x-tif-nonce": nonce,
		"x-tif-signature": signature(timestamp, "demo-token", nonce), "x-yss-city-code": "440100",
	} {
		request.Header.Set(name, value)
	}
	if spoil != nil {
		spoil(request.Header)
	}
	recorder := httptest.NewRecorder()
	b.server.ServeHTTP(recorder, request)
	return recorder
}

func expect(t *testing.T, name string, answer *httptest.ResponseRecorder, status int, want string) {
	t.Helper()
	if answer.Code != status || !strings.Contains(answer.Body.String(), want) {
		t.Errorf("%s: %d %s, want %d %s", name, answer.Code, answer.Body, status, want)
	}
}

func set(name, value string) func(http.Header) {
	return func(header http.Header) { header.Set(name, value) }
}

func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	if got := signature("1648771200", "demo-token", "abcdefgh12345678"); got != "3ADC399AF66AFB9E4FA537ADD6900561326A750D2E3B599498DBD5C4E551C9B2" {
		t.Errorf("upstream %s", got)
	}
	call := Downstream{PaasID: "demo", Token: "demo-token", Nonce: "abcdefgh12345678", At: time.Unix(1648771200, 0), UID: "u1", UserInfo: "info", Extension: "e"}
	// printf '1648771200demo-tokenabcdefgh12345678,u1,info,e1648771200' | sha256sum
	if got := call.Signature(); got != "9781CBE35E7B408B18B72022C5777B23DAE99504CA920A905800FD6AE645295E" {
		t.Errorf("downstream %s", got)
	}
	header := http.Header{}
	call.SetHeaders(header, DefaultHeaderPrefix)
	if header.Get("x-tif-signature") != call.Signature() || header.Get("x-tif-uid") != "u1" || header.Get("x-tif-timestamp") != "1648771200" {
		t.Errorf("headers %v", header)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	expiring := b.person("expiring-guangdong")
	for name, step := range map[string]struct{ body, want string }{
		"licence":        {`{"sfzmhm":"` + expiring.IDNumber + `","xm":"` + expiring.Name + `"}`, `{"errcode":0,"errmsg":"","data":{`},
		"time of copy":   {`{"sfzmhm":"` + expiring.IDNumber + `"}`, `"cd_time":"2026-11-24 08:55:00"`},
		"another name":   {`{"sfzmhm":"` + expiring.IDNumber + `","xm":"张三"}`, `"errcode":40002`},
		"other province": {`{"sfzmhm":"` + b.person("normal-shanghai").IDNumber + `"}`, `{"errcode":0,"errmsg":"","data":null}`},
		"nobody":         {`{"sfzmhm":"11010519491231002X"}`, `{"errcode":0,"errmsg":"","data":null}`},
		"no number":      {`{}`, `"errcode":40003`},
		"not JSON":       {`sfzmhm=1`, `"errcode":40003`},
	} {
		expect(t, name, b.post(name, step.body, nil), http.StatusOK, step.want)
	}
	expect(t, "another city", b.post("city", `{"sfzmhm":"1"}`, set("x-yss-city-code", "110100")), http.StatusOK, `"errcode":40001`)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	resign := func(by time.Duration) func(http.Header) {
		return func(header http.Header) {
			timestamp := strconv.FormatInt(b.now.Add(by).Unix(), 10)
			header.Set("x-tif-timestamp", timestamp)
			header.Set("x-tif-signature", signature(timestamp, "demo-token", header.Get("x-tif-nonce")))
		}
	}
	for name, spoil := range map[string]func(http.Header){
		"unknown paasid":  set("x-tif-paasid", "nobody"),
		"no timestamp":    set("x-tif-timestamp", ""),
		"181 s late":      resign(-181 * time.Second),
		"181 s early":     resign(181 * time.Second),
		"no nonce":        set("x-tif-nonce", ""),
		"other nonce":     set("x-tif-nonce", "other"),
		"wrong signature": set("x-tif-signature", strings.Repeat("0", 64)),
	} {
		expect(t, name, b.post(name, "{}", spoil), http.StatusInternalServerError, `{"code":400001,"msg":"`)
	}
	expect(t, "180 s late", b.post("edge", "{}", resign(-180*time.Second)), http.StatusOK, `"errcode"`)
	lower := func(header http.Header) {
		header.Set("x-tif-signature", strings.ToLower(header.Get("x-tif-signature")))
	}
	expect(t, "lower case", b.post("lower", "{}", lower), http.StatusOK, `"errcode"`)
}

func TestANonceIsGoodOnceAndOnlySpentWhenSigned(t *testing.T) {
	t.Parallel()
	b := setup(t)
	expect(t, "unsigned", b.post("n", "{}", set("x-tif-signature", "00")), http.StatusInternalServerError, "400001")
	expect(t, "first", b.post("n", "{}", nil), http.StatusOK, `"errcode"`)
	expect(t, "again", b.post("n", "{}", nil), http.StatusInternalServerError, "nonce")
	*b.now = b.now.Add(361 * time.Second)
	expect(t, "after the window", b.post("n", "{}", nil), http.StatusOK, `"errcode"`)
}

func TestBusinessFailure(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, code := range []string{"50012", "not a number"} {
		if err := b.server.Faults().Set(fault.Fault{Kind: fault.Business, Code: code, Message: "系统忙", Times: 1}); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, "text code", b.post("1", "{}", nil), http.StatusOK, `{"errcode":-1,"errmsg":"系统忙","data":null}`)
	expect(t, "back to normal", b.post("2", "{}", nil), http.StatusOK, `"errcode":40003`)
	if calls := b.server.Calls()[OperationLicence]; calls != 2 {
		t.Errorf("%d calls", calls)
	}
}
