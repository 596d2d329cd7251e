package zheliban

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

const (
	accessKey = "demo-access-key"
	secretKey = "demo-secret-key"
	purpose   = `{"powerMatters":"驾驶证查询","sponsorName":"操作员","sponsorCode":"330100","projectId":"case-1"}`
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
	config := Config{
		AccessKeys: map[string]string{accessKey: secretKey, "other": "s"}, Forbidden: []string{"other"},
		AppKeys: map[string]string{accessKey: secretKey},
	}
	if b.server, err = New(config, registry, func() time.Time { return *b.now }); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b bundle) person(key string) citizen.Citizen {
	person, _ := b.registry.Persona(key)
	return person
}

func (b bundle) serve(request *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	b.server.ServeHTTP(recorder, request)
	return recorder
}

// irs signs a call to the licence component, lets the caller spoil it, and sends it.
func (b bundle) irs(key, secret, path, body string, spoil func(http.Header)) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	date := b.now.UTC().Format(http.TimeFormat)
	text := "POST\n" + request.URL.EscapedPath() + "\n" + request.URL.RawQuery + "\n" + key + "\n" + date + "\n"
	request.Header.Set("X-BG-HMAC-ACCESS-KEY", key)
	request.Header.Set("X-BG-HMAC-ALGORITHM", "hmac-sha256")
	request.Header.Set("X-BG-HMAC-SIGNATURE", base64.StdEncoding.EncodeToString(mac(secret, text)))
	request.Header.Set("X-BG-DATE-TIME", date)
	if spoil != nil {
		spoil(request.Header)
	}
	return b.serve(request)
}

func expect(t *testing.T, name string, answer *httptest.ResponseRecorder, status int, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if answer.Code != status || !strings.Contains(answer.Body.String(), want) {
			t.Errorf("%s: %d %s, want %d %s", name, answer.Code, answer.Body, status, want)
		}
	}
}

func TestPublishedVectors(t *testing.T) {
	t.Parallel()
	address := &url.URL{Path: "/restapi/prod/IC33000020220329000007/uc/sso/access_token"}
	text := stringToSign(http.MethodPost, address, accessKey, "Fri, 01 Apr 2022 00:00:00 GMT")
	if got := base64.StdEncoding.EncodeToString(mac(secretKey, text)); got != "zenjygzMIQHVCdI1Tkv31v8y1rnaVxsSoTWt47lOZBQ=" {
		t.Errorf("IRS signature %s", got)
	}
	// The gateway is Apache APISIX hmac-auth with other header names; its documentation has this one.
	apisix := "GET\n/index.html\nage=36&name=james\nuser-key\nTue, 19 Jan 2021 11:33:20 GMT\nUser-Agent:curl/7.29.0\nx-custom-a:test\n"
	if got := base64.StdEncoding.EncodeToString(mac("my-secret-key", apisix)); got != "8XV1GB7Tq23OJcoz6wjqTs4ZLxr9DiLoY4PxzScWGYg=" {
		t.Errorf("APISIX signature %s", got)
	}
	if got := md5Sign(accessKey, secretKey, "1648771200000"); got != "fba82229020a5e9d5f1fc7fc0284186d" {
		t.Errorf("sharing signature %s", got)
	}
	if got := canonicalQuery(url.Values{"name": {"james b"}, "age": {"36"}}); got != "age=36&name=james%20b" {
		t.Errorf("canonical query %s", got)
	}
}

func TestIRSAnswers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	over := b.person("over-limit-zhejiang")
	body := func(id, name string) string { return `{"sfzmhm":"` + id + `","xm":"` + name + `"}` }
	for name, step := range map[string]struct{ body, want string }{
		"licence":           {body(over.IDNumber, over.Name), `"zt":"BDJ"`},
		"without a name":    {body(over.IDNumber, ""), `"cd_time":"2026-11-24 08:55:00"`},
		"another name":      {body(over.IDNumber, "张三"), `"errorCode":"NAME_MISMATCH"`},
		"another province":  {body(b.person("normal-shanghai").IDNumber, ""), `{"success":true,"errorCode":"","errorMsg":"","data":null}`},
		"nobody":            {body("11010519491231002X", ""), `"data":null`},
		"no number":         {`{}`, `"success":false,"errorCode":"PARAMETER_INVALID"`},
		"not JSON":          {`sfzmhm=1`, `"success":false,"errorCode":"PARAMETER_INVALID"`},
		"no licence at all": {body(b.person("no-licence").IDNumber, ""), `"data":null`},
	} {
		expect(t, name, b.irs(accessKey, secretKey, PathIRS, step.body, nil), http.StatusOK, step.want)
	}
	expect(t, "with a query", b.irs(accessKey, secretKey, PathIRS+"?a=1&b=2", body(over.IDNumber, ""), nil), http.StatusOK, `"success":true`)
}

func TestIRSRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	set := func(name, value string) func(http.Header) {
		return func(header http.Header) { header.Set(name, value) }
	}
	shifted := func(by time.Duration) string { return b.now.Add(by).UTC().Format(http.TimeFormat) }
	for name, step := range map[string]struct {
		key, secret, path string
		spoil             func(http.Header)
		want              string
	}{
		"unknown key":       {"nobody", secretKey, PathIRS, nil, "Invalid access key"},
		"wrong secret":      {accessKey, "wrong", PathIRS, nil, "Invalid signature"},
		"wrong algorithm":   {accessKey, secretKey, PathIRS, set("X-BG-HMAC-ALGORITHM", "hmac-sha1"), "Invalid signature"},
		"signature no text": {accessKey, secretKey, PathIRS, set("X-BG-HMAC-SIGNATURE", "%%"), "Invalid signature"},
		"no date":           {accessKey, secretKey, PathIRS, set("X-BG-DATE-TIME", ""), "Clock skew exceeded"},
		"91 s late":         {accessKey, secretKey, PathIRS, set("X-BG-DATE-TIME", shifted(-91*time.Second)), "Clock skew exceeded"},
		"91 s early":        {accessKey, secretKey, PathIRS, set("X-BG-DATE-TIME", shifted(91*time.Second)), "Clock skew exceeded"},
		"90 s, not signed":  {accessKey, secretKey, PathIRS, set("X-BG-DATE-TIME", shifted(-90*time.Second)), "Invalid signature"},
		"not subscribed":    {"other", "s", PathIRS, nil, "The route_id is forbidden."},
		"other component":   {accessKey, secretKey, "/restapi/prod/IC33000020260101000009/x", nil, "The route_id is forbidden."},
	} {
		expect(t, name, b.irs(step.key, step.secret, step.path, "{}", step.spoil), http.StatusUnauthorized, `{"message":"`+step.want+`"}`)
	}
	if calls := b.server.Calls(); calls[OperationIRS] != 9 || calls[OperationIRSOther] != 1 {
		t.Errorf("calls %v", calls)
	}
}

// sharing posts a signed form.
func (b bundle) sharing(path, secret string, more url.Values) *httptest.ResponseRecorder {
	requestTime := strconv.FormatInt(b.now.UnixMilli(), 10)
	form := url.Values{"appKey": {accessKey}, "sign": {md5Sign(accessKey, secret, requestTime)}, "requestTime": {requestTime}}
	for name, values := range more {
		form[name] = values
	}
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.serve(request)
}

// renew refreshes by one of the two ways and reads both secrets.
func (b bundle) renew(t *testing.T, path, secret string) (refresh, request string) {
	t.Helper()
	answer := b.sharing(path, secret, nil).Body.String()
	found := regexp.MustCompile(`"refreshSecret":"(\w+)".*"requestSecret":"(\w+)"`).FindStringSubmatch(answer)
	if found == nil {
		t.Fatalf("no secrets in %s", answer)
	}
	return found[1], found[2]
}

func TestSharingAnswers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, secret := b.renew(t, PathRefreshByKey, secretKey)
	over := b.person("over-limit-zhejiang")
	path := Config{}.DataSetPath()
	for name, step := range map[string]struct {
		path, id, name, additional, want string
	}{
		"licence":          {path, over.IDNumber, over.Name, purpose, `"code":"00","msg":"","datas":[{`},
		"other province":   {path, b.person("normal-shanghai").IDNumber, "", purpose, `"datas":[]`},
		"nobody":           {path, "1", "", purpose, `{"code":"00","msg":"","datas":[]}`},
		"another name":     {path, over.IDNumber, "张三", purpose, `"code":"24"`},
		"unknown data set": {sharingPrefix + "OTHER.htm", over.IDNumber, "", purpose, `"code":"23"`},
		"no purpose":       {path, over.IDNumber, "", "", `"code":"21"`},
		"no matter":        {path, over.IDNumber, "", strings.Replace(purpose, "驾驶证查询", " ", 1), `"code":"21"`},
		"no sponsor":       {path, over.IDNumber, "", strings.Replace(purpose, "操作员", "", 1), `"code":"21"`},
		"no sponsor code":  {path, over.IDNumber, "", strings.Replace(purpose, "sponsorCode", "x", 1), `"code":"21"`},
		"no case":          {path, over.IDNumber, "", strings.Replace(purpose, "case-1", "", 1), `"code":"21"`},
	} {
		form := url.Values{"sfzmhm": {step.id}, "xm": {step.name}, "additional": {step.additional}}
		expect(t, name, b.sharing(step.path, secret, form), http.StatusOK, step.want)
	}
}

func TestSharingSecretsRotate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	path := Config{}.DataSetPath()
	form := url.Values{"sfzmhm": {"1"}, "additional": {purpose}}
	check := func(step, secret, code string) {
		t.Helper()
		expect(t, step, b.sharing(path, secret, form), http.StatusOK, `"code":"`+code+`"`)
	}
	check("the appSecret signs no data", secretKey, "14")
	refresh, first := b.renew(t, PathRefreshByKey, secretKey)
	check("a fresh secret", first, "00")
	check("the refresh secret signs no data", refresh, "14")
	_, second := b.renew(t, PathRefreshBySec, refresh)
	check("replaced", first, "14")
	check("replacing", second, "00")
	*b.now = b.now.Add(15 * time.Minute)
	check("after 15 minutes", second, "14")
	*b.now = b.now.Add(48*time.Hour - 16*time.Minute)
	_, third := b.renew(t, PathRefreshBySec, refresh) // one minute before its end
	check("renewed late", third, "00")
	*b.now = b.now.Add(time.Minute)
	expect(t, "after 48 hours", b.sharing(PathRefreshBySec, refresh, nil), http.StatusOK, `"code":"14"`)
	expect(t, "wrong appSecret", b.sharing(PathRefreshByKey, "wrong", nil), http.StatusOK, `"code":"14"`)
	old := strconv.FormatInt(b.now.Add(-11*time.Minute).UnixMilli(), 10)
	late := url.Values{"requestTime": {old}, "sign": {md5Sign(accessKey, secretKey, old)}}
	expect(t, "old requestTime", b.sharing(PathRefreshByKey, secretKey, late), http.StatusOK, `"code":"14"`)
}

func TestFaults(t *testing.T) {
	t.Parallel()
	b := setup(t)
	set := func(setting fault.Fault) {
		setting.Times = 1
		if err := b.server.Faults().Set(setting); err != nil {
			t.Fatal(err)
		}
	}
	over := b.person("over-limit-zhejiang")
	body := `{"sfzmhm":"` + over.IDNumber + `"}`
	ask := func() *httptest.ResponseRecorder { return b.irs(accessKey, secretKey, PathIRS, body, nil) }
	set(fault.Fault{Kind: fault.Stale, Duration: 72 * time.Hour})
	expect(t, "stale", ask(), http.StatusOK, `"cd_time":"2026-11-21 08:55:00"`)
	set(fault.Fault{Kind: fault.Business, Code: "E-9", Message: "系统忙"})
	expect(t, "business", ask(), http.StatusOK, `"success":false,"errorCode":"E-9","errorMsg":"系统忙"`)
	set(fault.Fault{Kind: fault.ClockSkew, Duration: -2 * time.Minute})
	expect(t, "clock", ask(), http.StatusUnauthorized, "Clock skew exceeded")
	set(fault.Fault{Kind: fault.WrongPerson})
	if answer := ask().Body.String(); strings.Contains(answer, over.IDNumber) || !strings.Contains(answer, `"sfzmhm"`) {
		t.Errorf("wrong person: %s", answer)
	}
	_, secret := b.renew(t, PathRefreshByKey, secretKey)
	set(fault.Fault{Kind: fault.ForgetSecrets, Operation: OperationSharing})
	form := url.Values{"sfzmhm": {"1"}, "additional": {purpose}}
	expect(t, "forgotten", b.sharing(Config{}.DataSetPath(), secret, form), http.StatusOK, `"code":"14"`)
}
