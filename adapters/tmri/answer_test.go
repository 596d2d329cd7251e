package tmri

import (
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/outbound/soap"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// wrapped puts a text where an answer has its document, as Axis writes it.
func wrapped(text string) string {
	var escaped strings.Builder
	if err := xml.EscapeText(&escaped, []byte(text)); err != nil {
		panic(err)
	}
	return `<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">` +
		`<soapenv:Body><ns1:queryObjectOutResponse xmlns:ns1="http://endpoint.axis.framework.tmri.com"><queryObjectOutReturn>` +
		escaped.String() + `</queryObjectOutReturn></ns1:queryObjectOutResponse></soapenv:Body></soapenv:Envelope>`
}

func encoded(document string) string { return wrapped(url.QueryEscape(document)) }

func document(code, rownum, body string) string {
	return fmt.Sprintf(`<?xml version="1.0" encoding="GBK"?><root><head><code>%s</code><message>张三</message><rownum>%s</rownum></head><body>%s</body></root>`, code, rownum, body)
}

const oneRow = `<DrvPerson id="0"><XM>张三</XM><zt>A</zt></DrvPerson>`

func TestAnswersThatAreRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body, code string
		rows       int
	}{
		"one row":                    {encoded(document("1", "1", oneRow)), "1", 1},
		"blanks around":              {"\n " + encoded(" \n"+strings.TrimPrefix(document("1", " 1 ", oneRow), `<?xml version="1.0" encoding="GBK"?>`)+" \n") + "\n", "1", 1},
		"as many columns as may be":  {encoded(document("1", "1", `<a><xm>张三</xm>`+manyColumns(255)+`</a>`)), "1", 1},
		"no row":                     {encoded(document("1", "0", "")), "1", 0},
		"failure":                    {encoded(document("-3", "", "")), "-3", 0},
		"failure without a rownum":   {encoded(`<root><head><code>0</code></head></root>`), "0", 0},
		"lower-case escapes":         {wrapped(strings.ToLower(url.QueryEscape(document("1", "0", "")))), "1", 0},
		"envelope of another server": {strings.ReplaceAll(encoded(document("1", "1", oneRow)), "http://endpoint.axis.framework.tmri.com", "http://tempuri.org/"), "1", 1},
	} {
		answer, err := readAnswer([]byte(c.body), 10)
		if err != nil || answer.code != c.code || len(answer.rows) != c.rows {
			t.Errorf("%s: code %q, %d rows, %v", name, answer.code, len(answer.rows), err)
		}
		if c.rows == 1 && answer.rows[0].text("xm") != "张三" {
			t.Errorf("%s: the row says %v", name, answer.rows[0])
		}
	}
}

func manyColumns(count int) string {
	var text strings.Builder
	for i := range count {
		fmt.Fprintf(&text, "<c%d/>", i)
	}
	return text.String()
}

func TestAnswersThatAreRefused(t *testing.T) {
	t.Parallel()
	gbk := "\xd5\xc5\xc8\xfd" // 张三 in GBK
	nested := strings.Repeat("<a>", 20_000)
	for name, body := range map[string]string{
		"nothing":                 "",
		"no XML":                  "Service unavailable",
		"no envelope":             document("1", "1", oneRow),
		"empty body":              `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>`,
		"SOAP 1.2":                strings.ReplaceAll(encoded(document("1", "0", "")), soap.EnvelopeNamespace, "http://www.w3.org/2003/05/soap-envelope"),
		"something follows":       encoded(document("1", "0", "")) + "<more/>",
		"text follows":            encoded(document("1", "0", "")) + "more",
		"document type":           "<!DOCTYPE e [<!ENTITY a \"b\">]>" + encoded(document("1", "0", "")),
		"document type inside":    encoded(`<!DOCTYPE root>` + document("1", "0", "")),
		"unknown entity":          encoded(document("1", "1", `<a><xm>&lol;</xm></a>`)),
		"half an escape":          wrapped("%3"),
		"no hexadecimal escape":   wrapped("%zz"),
		"GBK":                     encoded(strings.ReplaceAll(document("1", "1", oneRow), "张三", gbk)),
		"broken UTF-8":            encoded(strings.ReplaceAll(document("1", "1", oneRow), "张", "\xe5\xbcX")),
		"cut document":            encoded(document("1", "1", oneRow)[:120]),
		"other root":              encoded(`<table/>`),
		"no code":                 encoded(`<root><head><rownum>0</rownum></head><body/></root>`),
		"fewer rows than said":    encoded(document("1", "2", oneRow)),
		"more rows than said":     encoded(document("1", "0", oneRow)),
		"no rownum":               encoded(document("1", "", oneRow)),
		"negative rownum":         encoded(document("1", "-1", "")),
		"more rows than allowed":  encoded(document("1", "11", strings.Repeat(oneRow, 11))),
		"column twice":            encoded(document("1", "1", `<a><zt>A</zt><ZT>B</ZT></a>`)),
		"code twice":              encoded(`<root><head><code>1</code><code>0</code><rownum>0</rownum></head><body/></root>`),
		"code of elements":        encoded(`<root><head><code>1<x/></code><rownum>0</rownum></head><body/></root>`),
		"more columns than any":   encoded(document("1", "1", `<a>`+manyColumns(257)+`</a>`)),
		"column of elements":      encoded(document("1", "1", `<a><xm><x>1</x></xm></a>`)),
		"deep":                    encoded(document("1", "1", nested)),
		"two results":             strings.Replace(encoded(document("1", "0", "")), "</soapenv:Body>", "<x/></soapenv:Body>", 1),
		"two texts":               strings.Replace(encoded(document("1", "0", "")), "</ns1:", "<x/></ns1:", 1),
		"elements for the result": strings.Replace(encoded(document("1", "0", "")), "</queryObjectOutReturn>", "<x/></queryObjectOutReturn>", 1),
	} {
		_, err := readAnswer([]byte(body), 10)
		if exchange.CodeOf(err) != exchange.SourceInvalid {
			t.Errorf("%s: got %v, want source-answer-invalid", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "张三") {
			t.Errorf("%s: the error quotes the answer", name)
		}
	}
}

func TestFaultIsAFailureOfThePlatform(t *testing.T) {
	t.Parallel()
	body := `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>e:Server</faultcode><faultstring>张三</faultstring></e:Fault></e:Body></e:Envelope>`
	_, err := readAnswer([]byte(body), 10)
	if exchange.CodeOf(err) != exchange.SourceDown || strings.Contains(err.Error(), "张三") {
		t.Errorf("got %v", err)
	}
}

// FuzzAnswer wants every answer to be read or refused, and a read one to keep what it promises and to be what encoding/xml reads.
func FuzzAnswer(f *testing.F) {
	for _, body := range []string{
		encoded(document("1", "1", oneRow)), encoded(document("10", "0", "")), wrapped("%"), "<a/>", encoded(`<root xmlns="u"><head><code>1</code><rownum>2</rownum></head>` +
			`<body><a b="1"><XM>&lt;<!-- c --><![CDATA[1]]></XM><zt/></a><b/></body></root>`),
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		answer, err := readAnswer(body, 3)
		if code := exchange.CodeOf(err); err != nil && code != exchange.SourceInvalid && code != exchange.SourceDown {
			t.Fatalf("code %q", code)
		}
		if err == nil && (len(answer.rows) > 3 || answer.code != codeSuccess && len(answer.rows) > 0) {
			t.Fatalf("%d rows with code %q", len(answer.rows), answer.code)
		}
		if judged, judgedErr := judge(body); err == nil && (judgedErr != nil || judged.code != answer.code || !slices.EqualFunc(judged.rows, answer.rows, slices.Equal)) {
			t.Fatalf("got  %v\nwant %v, %v", answer, judged, judgedErr)
		}
	})
}

// FuzzRow wants both kinds of violation to be mapped or refused, without a value in the error.
func FuzzRow(f *testing.F) {
	f.Add("X1", "2024-03-01 08:30:00.0", "200.00", "3", "1")
	f.Add("", "now", "1e3", "-1", "7")
	f.Fuzz(func(t *testing.T, id, moment, money, count, flag string) {
		row := rowOf(map[string]string{"wfbh": id, "xh": id, "wfsj": moment, "fkje": money, "wfjfs": count, "jkbj": flag})
		violation, err := decision(row)
		if err == nil && violation.FineFen != nil && *violation.FineFen < 0 {
			t.Fatalf("a fine of %d", *violation.FineFen)
		}
		if record, err := camera(row); err == nil && (record.Processed || record.Points != nil || record.FineFen != nil) {
			t.Fatal("a camera record has points or a fine")
		}
		if err != nil && exchange.CodeOf(err) != exchange.SourceInvalid {
			t.Fatalf("code %q", exchange.CodeOf(err))
		}
	})
}

func BenchmarkReadAnswer(b *testing.B) {
	row := `<DrvPerson id="0"><xm>张三</xm>`
	for i := range 35 {
		row += fmt.Sprintf("<c%d>2024-03-01 08:30:00</c%d>", i, i)
	}
	body := []byte(encoded(document("1", "1", row+"</DrvPerson>")))
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, err := readAnswer(body, 10); err != nil {
			b.Fatal(err)
		}
	}
}
