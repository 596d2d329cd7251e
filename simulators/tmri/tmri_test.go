package tmri

import (
	"bytes"
	"encoding/base64"
	"html"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

const serial = "7A1D2C0B0E0F"

type bundle struct {
	server   *standin.Server
	registry *citizen.Registry
}

func setup(t testing.TB) bundle {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, citizen.Zone()) }
	registry, err := citizen.New(1, now(), 10)
	if err != nil {
		t.Fatal(err)
	}
	server, err := New(Config{Serials: map[string]Grant{
		serial:   {Interfaces: []string{"02C06", "04C01", "04C03", "04C04", "01C21"}},
		"ONLY06": {Interfaces: []string{"02C06"}, DailyQuota: 2},
	}}, registry, now)
	if err != nil {
		t.Fatal(err)
	}
	return bundle{server, registry}
}

func (b bundle) id(t testing.TB, key string) string {
	t.Helper()
	person, found := b.registry.Persona(key)
	if !found {
		t.Fatalf("no persona %s", key)
	}
	return person.IDNumber
}

func queryDocument(fields ...string) string {
	text := `<?xml version="1.0" encoding="utf-8"?><root><QueryCondition>`
	for i := 0; i < len(fields); i += 2 {
		text += "<" + fields[i] + ">" + url.QueryEscape(fields[i+1]) + "</" + fields[i] + ">"
	}
	return text + "</QueryCondition></root>"
}

// newCall writes a queryObjectOutNew by hand: a published signature is no place for code shared with an adapter.
func newCall(jkxlh, jkid, document string) string {
	return message("queryObjectOutNew", "xtlb", jkid[:2], "jkxlh", jkxlh, "jkid", jkid, "cjsqbh", "", "dwjgdm", "330100000400",
		"dwmc", "演示单位", "yhbz", "0001", "yhxm", "操作员", "zdbs", "10.0.0.8", "UTF8XmlDoc", document)
}

func message(operation string, arguments ...string) string {
	text := `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><q:` + operation +
		` xmlns:q="http://endpoint.axis.framework.tmri.com">`
	for i := 0; i < len(arguments); i += 2 {
		text += "<" + arguments[i] + ">" + html.EscapeString(arguments[i+1]) + "</" + arguments[i] + ">"
	}
	return text + "</q:" + operation + "></soapenv:Body></soapenv:Envelope>"
}

func (b bundle) post(path, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	request.Header.Set("Content-Type", "text/xml; charset=utf-8")
	request.Header.Set("SOAPAction", `""`)
	recorder := httptest.NewRecorder()
	b.server.ServeHTTP(recorder, request)
	return recorder
}

// result unwraps the answer as a client would: the text of the Return element, URL-decoded.
func result(t *testing.T, answer *httptest.ResponseRecorder) string {
	t.Helper()
	found := regexp.MustCompile(`Return xsi:type="xsd:string">([^<]*)<`).FindStringSubmatch(answer.Body.String())
	if found == nil {
		t.Fatalf("no return value in %d %s", answer.Code, answer.Body)
	}
	text, err := url.QueryUnescape(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func expect(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
}

func TestInterfaces(t *testing.T) {
	t.Parallel()
	b := setup(t)
	violator, _ := b.registry.Persona("unprocessed-violations")
	vehicle := violator.Vehicles[0]
	plate := []string{"hpzl", vehicle.PlateKind, "hphm", vehicle.Plate}
	for name, step := range map[string]struct {
		jkid, document string
		want           []string
	}{
		"licence": {"02C06", queryDocument("sfzmhm", b.id(t, "over-limit-zhejiang")), []string{
			`encoding="GBK"`, "<code>1</code>", "<rownum>1</rownum>", `<DrvPerson id="0">`, "<zt>BDJ</zt>", "<ljjf>15</ljjf>", "<xm>钱国强</xm>"}},
		"licence of another province": {"02C06", queryDocument("sfzmhm", b.id(t, "rare-name")), []string{"<xm>𠮷㛃䶮</xm>"}},
		"no licence":                  {"02C06", queryDocument("sfzmhm", b.id(t, "no-licence")), []string{"<code>1</code>", "<rownum>0</rownum>"}},
		"unknown person":              {"02C06", queryDocument("sfzmhm", "11010519491231002X"), []string{"<code>1</code>", "<rownum>0</rownum>"}},
		"not archived":                {"02C06", queryDocument("sfzmhm", b.id(t, "not-archived")), []string{"<code>10</code>", "档案未归档"}},
		"identity expired":            {"02C06", queryDocument("sfzmhm", b.id(t, "id-expired")), []string{"<code>11</code>", "身份证明过期"}},
		"missing condition":           {"02C06", queryDocument("xm", "钱国强"), []string{"<code>0</code>", "sfzmhm"}},
		"decisions":                   {"04C01", queryDocument("jszh", b.id(t, "normal-shanghai")), []string{"<VioDrvInfo id=", "<wfjfs>", "<jszh>" + b.id(t, "normal-shanghai")}},
		"cameras not handled":         {"04C03", queryDocument(append(plate, "clbj", "0")...), []string{"<rownum>2</rownum>", "<hphm>" + vehicle.Plate}},
		"cameras all":                 {"04C03", queryDocument(plate...), []string{"<rownum>3</rownum>", "<clbj>1</clbj>"}},
		"vehicle":                     {"01C21", queryDocument(plate...), []string{"<VehInfo id=", "<sfzmhm>" + violator.IDNumber}},
		"no vehicle":                  {"01C21", queryDocument("hpzl", "02", "hphm", "沪A00000"), []string{"<rownum>0</rownum>"}},
		"no picture":                  {"04C04", queryDocument("xh", "1"), []string{"<rownum>0</rownum>"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expect(t, result(t, b.post(PathNew, newCall(serial, step.jkid, step.document))), step.want...)
		})
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	b := setup(t)
	violator, _ := b.registry.Persona("unprocessed-violations")
	text := result(t, b.post(PathNew, newCall(serial, "04C04", queryDocument("xh", violator.Vehicles[0].Cameras[0].Serial))))
	found := regexp.MustCompile(`<zp1>([^<]+)</zp1>`).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no picture in %s", text)
	}
	bytesOf, err := base64.StdEncoding.DecodeString(found[1])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := jpeg.Decode(bytes.NewReader(bytesOf)); err != nil {
		t.Fatal(err)
	}
}

func TestTheThreeSignatures(t *testing.T) {
	t.Parallel()
	b := setup(t)
	document := queryDocument("sfzmhm", b.id(t, "expired"))
	old := message("queryObjectOut", "xtlb", "02", "jkxlh", serial, "jkid", "02C06", "UTF8XmlDoc", document)
	nine := message("queryObjectOut", "xtlb", "02", "jkxlh", serial, "jkid", "02C06", "yhbz", "1", "dwmc", "单位", "dwjgdm", "3301",
		"yhxm", "操作员", "zdbs", "10.0.0.8", "UTF8XmlDoc", document)
	for name, step := range map[string]struct {
		path, body string
		status     int
	}{
		"four on the old port": {PathOld, old, 200},
		"nine on the new port": {PathNew, nine, 200},
		"ten on the new port":  {PathNew, newCall(serial, "02C06", document), 200},
		"four on the new port": {PathNew, old, 500},
		"nine on the old port": {PathOld, nine, 500},
		"dwmc before dwjgdm in the newest": {PathNew, strings.NewReplacer("<dwjgdm>", "<dwmc>", "</dwjgdm>", "</dwmc>", "<dwmc>", "<dwjgdm>", "</dwmc>", "</dwjgdm>").
			Replace(newCall(serial, "02C06", document)), 500},
		"unknown operation": {PathNew, message("deleteObjectOut", "xtlb", "02"), 500},
		"not an envelope":   {PathNew, "<a/>", 500},
		"a document type":   {PathNew, "<!DOCTYPE x>" + old, 500},
		"two documents":     {PathNew, nine + nine, 500},
		"another address":   {"/trffweb/services/Other", old, 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := b.post(step.path, step.body)
			if answer.Code != step.status {
				t.Fatalf("status %d, want %d: %s", answer.Code, step.status, answer.Body)
			}
			if step.status == 200 {
				expect(t, result(t, answer), "<zt>M</zt>")
			}
		})
	}
}

func TestAxisInsistsOnItsHeaders(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := newCall(serial, "02C06", queryDocument("sfzmhm", "1"))
	for header, value := range map[string]string{"SOAPAction": `""`, "Content-Type": "text/xml"} {
		request := httptest.NewRequest(http.MethodPost, PathNew, strings.NewReader(body))
		request.Header.Set(header, value)
		recorder := httptest.NewRecorder()
		b.server.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusInternalServerError {
			t.Errorf("with only %s: status %d", header, recorder.Code)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	document := queryDocument("sfzmhm", b.id(t, "expired"))
	good := newCall(serial, "02C06", document)
	cases := map[string]struct{ body, code string }{
		"unknown serial":         {newCall("WRONG", "02C06", document), "-1"},
		"interface not granted":  {newCall("ONLY06", "04C01", document), "-2"},
		"write":                  {strings.ReplaceAll(good, "queryObjectOutNew", "writeObjectOutNew"), "-2"},
		"another system class":   {strings.Replace(good, "<xtlb>02", "<xtlb>04", 1), "0"},
		"document not XML":       {newCall(serial, "02C06", "sfzmhm=1"), "0"},
		"value not URL-encoded":  {newCall(serial, "02C06", "<root><QueryCondition><sfzmhm>沪</sfzmhm></QueryCondition></root>"), "0"},
		"condition missing":      {newCall(serial, "02C06", "<root></root>"), "0"},
		"broken percent-encoded": {newCall(serial, "02C06", "<root><QueryCondition><sfzmhm>%zz</sfzmhm></QueryCondition></root>"), "0"},
	}
	for _, audit := range []string{"dwjgdm", "dwmc", "yhbz", "yhxm", "zdbs"} {
		empty := regexp.MustCompile("<"+audit+">[^<]*<").ReplaceAllString(good, "<"+audit+"> <")
		cases["no "+audit] = struct{ body, code string }{empty, "-4"}
	}
	for name, step := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := result(t, b.post(PathNew, step.body))
			expect(t, text, "<code>"+step.code+"</code>", "<rownum>0</rownum>")
		})
	}
}

func TestQuotaOfTheDay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := newCall("ONLY06", "02C06", queryDocument("sfzmhm", b.id(t, "expired")))
	for _, want := range []string{"<code>1</code>", "<code>1</code>", "<code>-3</code>"} {
		expect(t, result(t, b.post(PathNew, body)), want)
	}
	if err := b.server.Faults().Set(fault.Fault{Kind: fault.ClockSkew, Duration: 24 * time.Hour}); err != nil {
		t.Fatal(err)
	}
	expect(t, result(t, b.post(PathNew, body)), "<code>1</code>") // a new day
	if calls := b.server.Calls()["02C06"]; calls != 4 {
		t.Fatalf("%d calls counted, want 4", calls)
	}
}

func TestFaultsThatThePlatformMakesItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := newCall(serial, "02C06", queryDocument("sfzmhm", b.id(t, "expired")))
	set := func(setting fault.Fault) {
		setting.Times = 1
		if err := b.server.Faults().Set(setting); err != nil {
			t.Fatal(err)
		}
	}
	set(fault.Fault{Kind: fault.Business, Code: "99", Message: "系统忙"})
	expect(t, result(t, b.post(PathNew, body)), "<code>99</code>", "系统忙")
	set(fault.Fault{Kind: fault.WrongPerson})
	if text := result(t, b.post(PathNew, body)); strings.Contains(text, b.id(t, "expired")) {
		t.Fatalf("the right person came: %s", text)
	}
	set(fault.Fault{Kind: fault.GBK})
	expect(t, result(t, b.post(PathNew, body)), "\xb9\xcb\xd6\xbe\xc3\xf7") // 顾志明 in GBK
	expect(t, result(t, b.post(PathNew, body)), "顾志明")
}

func FuzzEnvelope(f *testing.F) {
	f.Add([]byte(newCall(serial, "02C06", queryDocument("sfzmhm", "11010519491231002X"))))
	f.Add([]byte(message("queryObjectOut", "xtlb", "02", "jkxlh", serial, "jkid", "02C06", "UTF8XmlDoc", "<root/>")))
	f.Add([]byte("<!DOCTYPE a><a/>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		call, err := parse(body)
		if err == nil && call.Operation == "" {
			t.Fatal("a call without an operation was accepted")
		}
	})
}

func FuzzQuery(f *testing.F) {
	f.Add(queryDocument("hpzl", "02", "hphm", "沪A12345"))
	f.Add("<root><QueryCondition><a>%zz</a></QueryCondition></root>")
	f.Fuzz(func(t *testing.T, text string) {
		fields, err := parseQuery(text)
		if err != nil && fields != nil {
			t.Fatal("fields beside an error")
		}
	})
}
