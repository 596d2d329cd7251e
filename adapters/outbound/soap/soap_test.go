package soap_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/outbound/soap"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// inEnvelope gives an answer around a result element.
func inEnvelope(result string) string {
	return `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="` + soap.EnvelopeNamespace + `"><s:Body>` + result + `</s:Body></s:Envelope>`
}

func TestBothStylesOfCall(t *testing.T) {
	t.Parallel()
	arguments := []soap.Argument{{Name: "in0", Value: `<a b="c">&]]></a>`}, {Name: "in1", Value: "\x00沪"}}
	for want, operation := range map[string]soap.Operation{
		`<op:ask soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xmlns:op="urn:a&amp;b">` +
			`<in0 xsi:type="xsd:string">&lt;a b=&#34;c&#34;&gt;&amp;]]&gt;&lt;/a&gt;</in0><in1 xsi:type="xsd:string">` + "\uFFFD" + `沪</in1></op:ask>`: {Namespace: "urn:a&b", Name: "ask"},
		`<op:ask xmlns:op="urn:a"><op:in0>&lt;a b=&#34;c&#34;&gt;&amp;]]&gt;&lt;/a&gt;</op:in0><op:in1>` + "\uFFFD" + `沪</op:in1></op:ask>`: {Namespace: "urn:a", Name: "ask", Literal: true},
	} {
		got := string(operation.Call(arguments))
		if !strings.Contains(got, "<soapenv:Body>"+want+"</soapenv:Body>") {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if err := xml.Unmarshal([]byte(got), new(struct{})); err != nil {
			t.Errorf("not well-formed: %v", err)
		}
	}
}

func TestReturnedText(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"Axis":    inEnvelope(`<n:askResponse xmlns:n="urn:a"><askReturn>text &amp; 沪</askReturn></n:askResponse>`),
		"WCF":     inEnvelope(`<askResponse xmlns="urn:b"><askResult>text &amp; 沪</askResult></askResponse>`),
		"CDATA":   inEnvelope(`<r><out><![CDATA[text & 沪]]></out></r>`),
		"blanks":  "\n " + inEnvelope(`<r><out>text &amp; 沪</out></r>`) + " \n",
		"as GBK":  strings.Replace(inEnvelope(`<r><out>text &amp; 沪</out></r>`), "utf-8", "GBK", 1),
		"headers": strings.Replace(inEnvelope(`<r><out>text &amp; 沪</out></r>`), "<s:Body>", "<s:Header><x/></s:Header><s:Body>", 1),
	} {
		if got, err := soap.Returned([]byte(body)); err != nil || got != "text & 沪" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestWhatIsNoAnswer(t *testing.T) {
	t.Parallel()
	good := inEnvelope(`<r><out>text</out></r>`)
	for name, body := range map[string]string{
		"nothing": "", "no XML": "text", "no envelope": "<r><out>text</out></r>", "empty body": inEnvelope(""),
		"two results": inEnvelope(`<r><out>1</out></r><r/>`), "two texts": inEnvelope(`<r><out>1</out><out>2</out></r>`),
		"no text": inEnvelope(`<r/>`), "elements": inEnvelope(`<r><out><x/></out></r>`), "followed": good + "<x/>", "cut": good[:len(good)-9],
		"document type": `<!DOCTYPE x [<!ENTITY a "b">]>` + good, "entity": inEnvelope(`<r><out>&a;</out></r>`),
		"no UTF-8": strings.Replace(good, "text", "\xd5\xc5", 1), "deep": inEnvelope(strings.Repeat("<r>", 50_000)),
	} {
		if got, err := soap.Returned([]byte(body)); exchange.CodeOf(err) != exchange.SourceInvalid {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	fault := inEnvelope(`<s:Fault><faultcode>s:Server</faultcode><faultstring>张三</faultstring></s:Fault>`)
	if _, err := soap.Returned([]byte(fault)); exchange.CodeOf(err) != exchange.SourceDown || strings.Contains(err.Error(), "张三") {
		t.Errorf("fault: %v", err)
	}
}

func FuzzReturned(f *testing.F) {
	f.Add([]byte(inEnvelope(`<r><out>text</out></r>`)))
	f.Add([]byte(inEnvelope(`<s:Fault/>`)))
	f.Fuzz(func(t *testing.T, body []byte) {
		text, err := soap.Returned(body)
		if err != nil && (text != "" || exchange.CodeOf(err) == exchange.Internal) {
			t.Fatalf("%q, %v", text, err)
		}
	})
}
