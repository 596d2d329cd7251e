package population

import (
	"crypto/aes"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
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
	requester = "r-demo-0001"
	service   = "s_1200000900000_2109"
	appKey    = "demo-app-key"
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
	config := Config{Requesters: map[string]string{requester: appKey}, Service: service, User: "demo", Password: "demo-password"}
	if b.server, err = New(config, registry, func() time.Time { return *b.now }); err != nil {
		t.Fatal(err)
	}
	return b
}

// values makes the four values, signed with the key; TestSignatureAndKeyVectors holds the signature to a known answer.
func (b bundle) values(key string) map[string]string {
	rtime := strconv.FormatInt(b.now.UnixMilli(), 10)
	return map[string]string{
		"gjgxjhpt_rid": requester, "gjgxjhpt_sid": service, "gjgxjhpt_rtime": rtime,
		"gjgxjhpt_sign": sign(key, service, requester, rtime),
	}
}

func (b bundle) refresh(t *testing.T, values map[string]string) refreshAnswer {
	t.Helper()
	body, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	recorder := httptest.NewRecorder()
	b.server.ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, PathRefresh, strings.NewReader(string(body))))
	var answer refreshAnswer
	if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%d %s: %v", recorder.Code, recorder.Body, err)
	}
	return answer
}

// secret refreshes and unwraps, as a client does.
func (b bundle) secret(t *testing.T) string {
	t.Helper()
	answer := b.refresh(t, b.values(appKey))
	if answer.Code != "0" {
		t.Fatalf("refresh answered %+v", answer)
	}
	return unwrap(t, answer.Data.Secret)
}

func unwrap(t *testing.T, wrapped string) string {
	t.Helper()
	text, err := base64.StdEncoding.DecodeString(wrapped)
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(wrappingKey(appKey))
	if err != nil {
		t.Fatal(err)
	}
	for start := 0; start < len(text); start += 16 {
		block.Decrypt(text[start:start+16], text[start:start+16])
	}
	return string(text[:len(text)-int(text[len(text)-1])])
}

func requestText(id, name string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><PACKAGE><PACKAGEHEAD><FWQQBH>5f0c</FWQQBH><QQBWDM>GJXXZX</QQBWDM><QQBWMC>核查</QQBWMC>` +
		`<SJLYXTDM>ZQ</SJLYXTDM><SJLYXTMC>政桥</SJLYXTMC><JLS>1</JLS><FSSJ>20261124090000</FSSJ><QQRGMSFHM>310101198603140127</QQRGMSFHM>` +
		`<QQRXM>操作员</QQRXM><QQRDWDM>310000</QQRDWDM><QQRDWMC>演示单位</QQRDWMC><QQYWLXDM>01</QQYWLXDM><QQYWLXMC>实名核验</QQYWLXMC>` +
		`<QQYWXTDM>ZQ</QQYWXTDM><QQYWXTMC>政桥</QQYWXTMC></PACKAGEHEAD><DATA><RECORD no="1"><GMSFHM>` + id + `</GMSFHM><XM>` + name + `</XM></RECORD></DATA></PACKAGE>`
}

func envelope(document, password string) string {
	return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><w:GK_GXFW_SFHC xmlns:w="http://webservice.com"><in0><![CDATA[` +
		document + `]]></in0><in1>demo</in1><in2>` + password + `</in2></w:GK_GXFW_SFHC></s:Body></s:Envelope>`
}

func (b bundle) post(body string, values map[string]string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, PathMatch, strings.NewReader(body))
	request.Header.Set("Content-Type", "text/xml;charset=utf-8")
	request.Header.Set("SOAPAction", "")
	for name, value := range values {
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	b.server.ServeHTTP(recorder, request)
	return recorder
}

func document(t *testing.T, answer *httptest.ResponseRecorder) string {
	t.Helper()
	found := regexp.MustCompile(`<out [^>]*>([^<]*)</out>`).FindStringSubmatch(answer.Body.String())
	if found == nil {
		t.Fatalf("no document in %d %s", answer.Code, answer.Body)
	}
	return html.UnescapeString(found[1])
}

func TestSignatureAndKeyVectors(t *testing.T) {
	t.Parallel()
	if got := sign(appKey, service, requester, "1648771200000"); got != "+3INR0w1bp0nteD8AH21zngGE6Ljpn0ki059m2Q3LkU=" {
		t.Errorf("signature %s", got)
	}
	wrapped, err := wrap(appKey, "0123456789abcdef0123456789abcdef")
	if want := "UtgJumSOZNqEOW/LiBgJm1LYCbpkjmTahDlvy4gYCZvGd336pH3fZ7im3zvX7Yel"; wrapped != want { // made with openssl enc -aes-128-ecb
		t.Errorf("wrapped %s, want %s", wrapped, want)
	}
	if err != nil || unwrap(t, wrapped) != "0123456789abcdef0123456789abcdef" {
		t.Errorf("wrapped %s %v", wrapped, err)
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	person := func(key string) citizen.Citizen { found, _ := b.registry.Persona(key); return found }
	normal, dead := person("normal-shanghai"), person("dead")
	key := b.secret(t)
	for name, step := range map[string]struct{ id, name, want string }{
		"match":       {normal.IDNumber, normal.Name, "<GMSFHM_PPDDM>1</GMSFHM_PPDDM><XM_PPDDM>1</XM_PPDDM><SWBS>0</SWBS>"},
		"rare name":   {person("rare-name").IDNumber, person("rare-name").Name, "<XM_PPDDM>1</XM_PPDDM>"},
		"other name":  {normal.IDNumber, "张三", "<GMSFHM_PPDDM>1</GMSFHM_PPDDM><XM_PPDDM>0</XM_PPDDM>"},
		"dead":        {dead.IDNumber, dead.Name, "<SWBS>1</SWBS>"},
		"nobody":      {"11010519491231002X", "张三", `code="1" msg="库中无此人"`},
		"no licence":  {person("no-licence").IDNumber, person("no-licence").Name, "<XM_PPDDM>1</XM_PPDDM>"},
		"request no.": {normal.IDNumber, normal.Name, "<FFQQBH>5f0c</FFQQBH><FSSJ>20261124090000</FSSJ><FHDM>10</FHDM>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := document(t, b.post(envelope(requestText(step.id, step.name), "demo-password"), b.values(key)))
			if !strings.Contains(text, step.want) {
				t.Fatalf("%q is not in %s", step.want, text)
			}
			if step.name == "张三" && name == "nobody" && strings.Contains(text, "PPDDM") {
				t.Fatalf("nobody has match marks: %s", text)
			}
		})
	}
}

func TestTheSOAPHeaderServesToo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	block := "<s:Header><tongtechheader>"
	for name, value := range b.values(b.secret(t)) {
		block += "<" + name + ">" + value + "</" + name + ">"
	}
	body := strings.Replace(envelope(requestText("1", "张三"), "demo-password"), "<s:Body>", block+"</tongtechheader></s:Header><s:Body>", 1)
	if text := document(t, b.post(body, nil)); !strings.Contains(text, "<FHDM>10<") {
		t.Fatal(text)
	}
}

func TestRefreshRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	altered := func(name, value string) map[string]string {
		values := b.values(appKey)
		values[name] = value
		return values
	}
	old := strconv.FormatInt(b.now.Add(-5*time.Minute-time.Second).UnixMilli(), 10)
	late := map[string]string{"gjgxjhpt_rid": requester, "gjgxjhpt_sid": service, "gjgxjhpt_rtime": old, "gjgxjhpt_sign": sign(appKey, service, requester, old)}
	for name, step := range map[string]struct {
		values map[string]string
		code   string
	}{
		"unknown requester":   {altered("gjgxjhpt_rid", "r-other"), "E-106"},
		"service not granted": {altered("gjgxjhpt_sid", "s_1200000900000_2108"), "E-106"},
		"wrong key":           {b.values("other-key"), "-1"},
		"time not covered":    {altered("gjgxjhpt_rtime", strconv.FormatInt(b.now.UnixMilli()+1, 10)), "-1"},
		"old":                 {late, "-1"},
	} {
		if answer := b.refresh(t, step.values); answer.Code != step.code || answer.Data != nil {
			t.Errorf("%s: %+v, want code %s", name, answer, step.code)
		}
	}
}

func TestSecretsEnd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := envelope(requestText("1", "张三"), "demo-password")
	refused := func(step, key string) {
		if answer := b.post(body, b.values(key)); !strings.Contains(answer.Body.String(), `"code":"-1"`) {
			t.Errorf("%s: %s", step, answer.Body)
		}
	}
	refused("the appkey signs no data", appKey)
	first := b.secret(t)
	second := b.secret(t)
	refused("a new secret ends the one before", first)
	*b.now = b.now.Add(30 * time.Minute)
	refused("a secret ends", second)
	third := b.secret(t)
	if err := b.server.Faults().Set(fault.Fault{Kind: fault.ForgetSecrets, Times: 1}); err != nil {
		t.Fatal(err)
	}
	refused("secrets were forgotten", third)
}

func TestRequestsThatTheRegisterRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	key := b.secret(t)
	good := requestText("310101198603140127", "沈嘉宁")
	cases := map[string]string{
		"wrong password": envelope(good, "other"),
		"wrong count":    envelope(strings.Replace(good, "<JLS>1", "<JLS>2", 1), "demo-password"),
		"wrong time":     envelope(strings.Replace(good, "20261124090000", "2026-11-24", 1), "demo-password"),
		"no XML":         envelope("310101198603140127", "demo-password"),
	}
	for _, field := range []string{"FWQQBH", "QQBWDM", "SJLYXTDM", "QQRGMSFHM", "QQRXM", "QQRDWDM", "QQRDWMC", "QQYWLXDM", "QQYWLXMC", "QQYWXTDM", "QQYWXTMC"} {
		cases["no "+field] = envelope(regexp.MustCompile("<"+field+">[^<]*<").ReplaceAllString(good, "<"+field+"><"), "demo-password")
	}
	for name, body := range cases {
		if text := document(t, b.post(body, b.values(key))); !strings.Contains(text, "<FHDM>00</FHDM>") || strings.Contains(text, "<RECORD") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func FuzzRequest(f *testing.F) {
	f.Add(requestText("11010519491231002X", "张三"))
	f.Add("<PACKAGE/>")
	f.Fuzz(func(t *testing.T, text string) {
		if wanted, err := parseRequest(text); err == nil && (len(wanted.Records) == 0 || wanted.Head.missing() != "") {
			t.Fatal("an empty request was accepted")
		}
	})
}
