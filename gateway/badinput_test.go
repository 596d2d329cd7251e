package gateway_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
)

// Each row is a request that a caller with a good signature gets wrong, and what it must hear. The body is the good one with
// one text replaced, unless it stands in the row.
func TestWrongRequestsGetTheirProblem(t *testing.T) {
	t.Parallel()
	const subject = `"idNumber": "11010519491231002X"`
	rows := map[string]struct {
		old, new string // replaced in the good body
		body     string // instead of it
		code     string
		pointers string // expected, space between
	}{
		"no body":                    {body: " ", code: "malformed-json"},
		"not JSON":                   {body: "subject=" + idGood, code: "malformed-json"},
		"cut off":                    {body: `{"subject":{"name":"张三"`, code: "malformed-json"},
		"two values":                 {body: `{} {}`, code: "malformed-json"},
		"a comma too many":           {old: `"maxAge": 86400`, new: `"maxAge": 86400,`, code: "malformed-json"},
		"name twice":                 {old: `"region": "310000",`, new: `"region": "310000", "region": "330000",`, code: "malformed-json"},
		"ID number twice":            {old: subject, new: subject + `, ` + subject, code: "malformed-json"},
		"invalid UTF-8":              {old: "张三", new: "\xff\xfe", code: "malformed-json"},
		"lone surrogate":             {old: "张三", new: `\ud800`, code: "malformed-json"},
		"33 levels deep":             {body: strings.Repeat("[", 33) + strings.Repeat("]", 33), code: "malformed-json"},
		"30,000 levels deep":         {body: strings.Repeat(`{"a":`, 12000), code: "malformed-json"},
		"very many values":           {body: "[" + strings.Repeat("0,", 20000) + "0]", code: "malformed-json"},
		"a number beyond floats":     {old: "86400", new: "1e999", code: "malformed-json"},
		"a string for an object":     {body: `"` + idGood + `"`, code: "invalid-request", pointers: "/:wrong-type"},
		"null":                       {body: `null`, code: "invalid-request", pointers: "/:wrong-type"},
		"empty object":               {body: `{}`, code: "invalid-request", pointers: "/authentications:missing /purpose:missing /subject:missing"},
		"unknown member":             {old: `"maxAge"`, new: `"extra": 1, "maxAge"`, code: "invalid-request", pointers: "/extra:unknown-member"},
		"unknown member, number":     {old: `"maxAge"`, new: `"` + idGood + `": 1, "maxAge"`, code: "invalid-request", pointers: "/:unknown-member"},
		"unknown member, deeper":     {old: subject, new: subject + `, "phone": "1"`, code: "invalid-request", pointers: "/subject/phone:unknown-member"},
		"ID number too short":        {old: idGood, new: idGood[:17], code: "invalid-request", pointers: "/subject/idNumber:wrong-form /subject/idNumber:wrong-length"},
		"ID number as a number":      {old: `"11010519491231002X"`, new: idWrongCheck, code: "invalid-request", pointers: "/subject/idNumber:wrong-type"},
		"wrong check character":      {old: idGood, new: idWrongCheck, code: "invalid-request", pointers: "/subject/idNumber:id-check"},
		"30 February":                {old: idGood, new: idNoSuchDay, code: "invalid-request", pointers: "/subject/idNumber:id-date"},
		"born in the future":         {old: idGood, new: idFuture, code: "invalid-request", pointers: "/subject/idNumber:id-date"},
		"no such division":           {old: idGood, new: idDivision, code: "invalid-request", pointers: "/subject/idNumber:id-division"},
		"no such day":                {old: "2040-01-01", new: "2040-02-30", code: "invalid-request", pointers: "/subject/idDocumentUntil:no-such-date"},
		"month 13":                   {old: "2026-11-24T", new: "2026-13-24T", code: "invalid-request", pointers: "/authentications/0/at:no-such-date"},
		"time without a zone":        {old: "09:29:00+08:00", new: "09:29:00", code: "invalid-request", pointers: "/authentications/0/at:wrong-form /authentications/0/at:wrong-length"},
		"authenticated tomorrow":     {old: "2026-11-24T", new: "2026-11-25T", code: "invalid-request", pointers: "/authentications/0/at:in-the-future"},
		"similarity above 1":         {old: "0.97", new: "97", code: "invalid-request", pointers: "/authentications/0/similarity:out-of-range"},
		"unknown method":             {old: `"face"`, new: `"iris"`, code: "invalid-request", pointers: "/authentications/0/method:not-listed"},
		"unknown field":              {old: `"points"`, new: `"salary"`, code: "invalid-request", pointers: "/fields/3:not-listed"},
		"field twice":                {old: `"points"`, new: `"name"`, code: "invalid-request", pointers: "/fields:repeated"},
		"no field":                   {old: `["name", "status", "mayDrive", "points", "cycleEnd", "validUntil"]`, new: `[]`, code: "invalid-request", pointers: "/fields:wrong-count"},
		"negative age":               {old: "86400", new: "-1", code: "invalid-request", pointers: "/maxAge:out-of-range"},
		"age with an exponent":       {old: "86400", new: "1e3", code: "invalid-request", pointers: "/maxAge:wrong-form"},
		"age with a fraction":        {old: "86400", new: "1.5", code: "invalid-request", pointers: "/maxAge:wrong-type"},
		"region is a city":           {old: `"region": "310000"`, new: `"region": "310105"`, code: "invalid-request", pointers: "/region:wrong-form"},
		"region does not exist":      {old: `"region": "310000"`, new: `"region": "990000"`, code: "invalid-request", pointers: "/region:no-such-region"},
		"the whole country":          {old: `"region": "310000"`, new: `"region": "000000"`, code: "invalid-request", pointers: "/region:no-such-region"},
		"line break in a code":       {old: `"case": "202611240001"`, new: `"case": "1\r\nX-Injected: 1"`, code: "invalid-request", pointers: "/purpose/case:wrong-form"},
		"line break in a name":       {old: "张三", new: `张\n三`, code: "invalid-request", pointers: "/subject/name:wrong-form"},
		"NUL in a name":              {old: "张三", new: `张\u0000三`, code: "invalid-request", pointers: "/subject/name:wrong-form"},
		"name with a lost character": {old: "张三", new: "张\uFFFD", code: "invalid-request", pointers: "/subject/name:wrong-form"},
		"name of 65 characters":      {old: "张三", new: strings.Repeat("张", 65), code: "invalid-request", pointers: "/subject/name:wrong-length"},
		"ID number as operator":      {old: `"operator": "self"`, new: `"operator": "` + idGood + `"`, code: "invalid-request", pointers: "/purpose/operator:personal-number"},
		"ID number inside a case":    {old: "202611240001", new: "case-" + strings.ToLower(idGood) + "-1", code: "invalid-request", pointers: "/purpose/case:personal-number"},
		"ID number in disguise":      {old: "上海市大数据中心", new: "处 １１０１０５-19491231-００２X", code: "invalid-request", pointers: "/purpose/unitName:personal-number"},
		"former ID number":           {old: `"provider": "wechat"`, new: `"provider": "u:110105491231002"`, code: "invalid-request", pointers: "/authentications/0/provider:personal-number"},
		"operator of blanks":         {old: `"operator": "self"`, new: `"operator": " \u3000"`, code: "invalid-request", pointers: "/purpose/operator:missing"},
		"labels nobody sees":         {old: `"matterName": "驾驶证信息查询", "case": "202611240001"`, new: `"matterName": "\u200b", "case": "\u2003\u00ad"`, code: "invalid-request", pointers: "/purpose/case:missing /purpose/matterName:missing"},
		"unit's name is blank":       {old: "上海市大数据中心", new: " ", code: "invalid-request", pointers: "/purpose/unitName:missing"},
		"name is blank":              {old: "张三", new: "　", code: "invalid-request", pointers: "/subject/name:missing"},
		"zone of a day":              {old: "09:29:00+08:00", new: "09:29:00+24:00", code: "invalid-request", pointers: "/authentications/0/at:no-such-date"},
		"zone of a day, west":        {old: "2026-11-24T09:29:00+08:00", new: "2026-11-22T09:29:00-24:00", code: "invalid-request", pointers: "/authentications/0/at:no-such-date"},
		"year nought":                {old: "2026-11-24T", new: "0000-11-24T", code: "invalid-request", pointers: "/authentications/0/at:no-such-date"},
		"year 1899":                  {old: "2026-11-24T09:29:00+08:00", new: "1900-01-01T07:59:59+08:00", code: "invalid-request", pointers: "/authentications/0/at:no-such-date"},
		"year 10000 in UTC":          {old: "2026-11-24T09:29:00+08:00", new: "9999-12-31T23:29:00-08:00", code: "invalid-request", pointers: "/authentications/0/at:no-such-date"},
		"two wrong places at once":   {old: `"region": "310000"`, new: `"region": 31, "maxage": 1`, code: "invalid-request", pointers: "/maxage:unknown-member /region:wrong-type"},
	}
	r := newRig(t)
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			body := []byte(row.body)
			if row.body == "" {
				good := testdata(t, "licence.json")
				if !bytes.Contains(good, []byte(row.old)) {
					t.Fatalf("the good body lacks %s", row.old)
				}
				body = bytes.Replace(good, []byte(row.old), []byte(row.new), 1)
			}
			got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", body))
			p := got.problem(t)
			if p.Code != row.code || places(p) != row.pointers {
				t.Errorf("came out as %s, %q, want %s, %q", p.Code, places(p), row.code, row.pointers)
			}
			records := r.desk.recorded()
			last := records[len(records)-1]
			if p.Receipt == nil || last.ID != got.header.Get("X-Request-Id") || last.Outcome != row.code {
				t.Error("the refusal of a signed request was not recorded as what it is")
			}
		})
	}
	r.checkQuiet(t)
}

// places writes a problem's pointers as pointer:code; the root pointer, which is empty, as "/".
func places(p problem) string {
	var list []string
	for _, one := range p.Pointers {
		if one.Pointer == "" {
			one.Pointer = "/"
		}
		list = append(list, one.Pointer+":"+one.Code)
	}
	return strings.Join(list, " ")
}

// checkQuiet makes sure that neither the log nor a metric shows a personal number.
func (r *rig) checkQuiet(t tb) {
	t.Helper()
	text := r.logs.String() + r.metrics(t)
	for _, number := range personalNumbers() {
		if strings.Contains(text, number) {
			t.Error("a log line or a metric holds a personal number")
		}
	}
}

func TestBodyMustFitTheLimit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, unknownLength := range map[string]bool{"announced": false, "chunked": true} {
		big := bytes.Repeat([]byte(" "), 64<<10+1)
		request := r.sign(t, "suishenban", "POST", "/v1/licences/query", big)
		if unknownLength {
			request.ContentLength = -1
		}
		if p := r.send(t, request).problem(t); p.Code != "body-too-large" {
			t.Errorf("%s: came out as %s", name, p.Code)
		}
	}
	fits := append(testdata(t, "licence.json"), bytes.Repeat([]byte(" "), 64<<10-len(testdata(t, "licence.json")))...)
	if got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", fits)); got.status != 200 {
		t.Errorf("a body of just the limit: status %d", got.status)
	}
}

func TestMediaTypes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	rows := map[string]struct {
		header http.Header
		status int
	}{
		"JSON":                 {http.Header{"Content-Type": {"application/json"}}, 200},
		"JSON in UTF-8":        {http.Header{"Content-Type": {"Application/JSON; charset=UTF-8"}}, 200},
		"JSON in GBK":          {http.Header{"Content-Type": {"application/json; charset=gbk"}}, 415},
		"none":                 {http.Header{"Content-Type": nil}, 415},
		"form":                 {http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, 415},
		"two types":            {http.Header{"Content-Type": {"application/json", "text/plain"}}, 415},
		"nonsense":             {http.Header{"Content-Type": {"application/json;;;="}}, 415},
		"compressed":           {http.Header{"Content-Encoding": {"gzip"}}, 415},
		"another parameter":    {http.Header{"Content-Type": {"application/json; profile=x"}}, 415},
		"plain as an envelope": {http.Header{"Content-Type": {"application/vnd.zhengqiao.envelope+json"}}, 400},
	}
	for name, row := range rows {
		got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json"), func(request *http.Request) {
			for field, values := range row.header {
				request.Header[field] = values
			}
		}))
		if got.status != row.status {
			t.Errorf("%s: status %d, want %d", name, got.status, row.status)
		}
	}
}

func TestNoQueryStringIsTaken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, target := range []string{"/v1/licences/query?id=" + idGood, "/v1/licences/query?", "/v1/violations/picture?x=1"} {
		got := r.send(t, r.sign(t, "suishenban", "POST", target, testdata(t, "licence.json")))
		if p := got.problem(t); p.Code != "invalid-request" || places(p) != "/:query-string" {
			t.Errorf("came out as %s, %s", p.Code, places(p))
		}
	}
	for _, target := range []string{"/v1/capabilities?x=1", "/v1/capabilities?"} {
		got := r.send(t, r.sign(t, "suishenban", "GET", target, nil))
		if p := got.problem(t); p.Code != "invalid-request" || places(p) != "/:query-string" {
			t.Errorf("came out as %s, %s", p.Code, places(p))
		}
	}
	r.checkQuiet(t)
}

// A national platform keeps no licences: it must say whose it asks about.
func TestNationalPlatformNamesTheRegion(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	without := bytes.Replace(testdata(t, "licence.json"), []byte(`"region": "310000",`), nil, 1)
	if p := r.send(t, r.sign(t, "national", "POST", "/v1/licences/query", without)).problem(t); places(p) != "/region:missing" {
		t.Errorf("national without a region: %s", places(p))
	}
	if got := r.send(t, r.sign(t, "suihaoban", "POST", "/v1/licences/query", without)); got.status != 200 {
		t.Errorf("provincial without a region: status %d", got.status)
	}
	if region := r.desk.recorded()[1].Region; region != "440000" {
		t.Errorf("the region fell back to %s", region)
	}
}
