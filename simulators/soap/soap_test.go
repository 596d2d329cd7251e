package soap

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const open = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">`

func TestParse(t *testing.T) {
	t.Parallel()
	call, err := Parse([]byte(`<?xml version="1.0"?>` + open + `<e:Header><h><rid>r1</rid></h></e:Header><e:Body>
		<q:op xmlns:q="urn:x" e:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">
		<b>1</b><a><![CDATA[<x>2</x>]]></a></q:op></e:Body></e:Envelope>`))
	if err != nil {
		t.Fatal(err)
	}
	if call.Operation != "op" || call.Namespace != "urn:x" || !slices.Equal(call.Names(), []string{"b", "a"}) {
		t.Errorf("call %+v", call)
	}
	if call.Value("a") != "<x>2</x>" || call.HeaderValue("rid") != "r1" || call.Value("c") != "" {
		t.Errorf("values of %+v", call)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":          "",
		"no envelope":      "<a/>",
		"SOAP 1.2":         `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><a/></e:Body></e:Envelope>`,
		"no body":          open + `</e:Envelope>`,
		"two operations":   open + `<e:Body><a/><b/></e:Body></e:Envelope>`,
		"nested argument":  open + `<e:Body><a><b><c/></b></a></e:Body></e:Envelope>`,
		"nested header":    open + `<e:Header><h><a><b/></a></h></e:Header><e:Body><a/></e:Body></e:Envelope>`,
		"document type":    `<!DOCTYPE a [<!ENTITY x "y">]>` + open + `<e:Body><a/></e:Body></e:Envelope>`,
		"unknown entity":   open + `<e:Body><a><b>&x;</b></a></e:Body></e:Envelope>`,
		"something behind": open + `<e:Body><a/></e:Body></e:Envelope><x/>`,
		"cut off":          open + `<e:Body><a>`,
	} {
		if call, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s: accepted as %+v", name, call)
		}
	}
}

func TestAnswersCanBeReadAsCallsAre(t *testing.T) {
	t.Parallel()
	reply := Response("urn:x", "op", "opReturn", Escape(`<a>"&'</a>`))
	call, err := Parse(reply.Body)
	if err != nil || call.Operation != "opResponse" || call.Value("opReturn") != `<a>"&'</a>` || reply.Status != http.StatusOK {
		t.Errorf("%+v %v", call, err)
	}
	reply = Fault("a < b")
	call, err = Parse(reply.Body)
	if err != nil || call.Operation != "Fault" || call.Value("faultstring") != "a < b" || reply.Status != http.StatusInternalServerError {
		t.Errorf("%+v %v", call, err)
	}
}

func TestCheckTransport(t *testing.T) {
	t.Parallel()
	request := httptest.NewRequest(http.MethodPost, "/", nil)
	request.Header.Set("Content-Type", "text/xml; charset=utf-8")
	if problem := CheckTransport(request); problem != "no SOAPAction header!" {
		t.Errorf("without SOAPAction: %q", problem)
	}
	request.Header.Set("SOAPAction", "")
	if problem := CheckTransport(request); problem != "" {
		t.Errorf("a good request: %q", problem)
	}
	request.Method = http.MethodGet
	if problem := CheckTransport(request); !strings.Contains(problem, "POST") {
		t.Errorf("GET: %q", problem)
	}
	request.Method = http.MethodPost
	request.Header.Set("Content-Type", "application/soap+xml")
	if problem := CheckTransport(request); !strings.Contains(problem, "text/xml") {
		t.Errorf("SOAP 1.2: %q", problem)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(open + `<e:Body><a><b>1</b></a></e:Body></e:Envelope>`))
	f.Add([]byte(`<!DOCTYPE a>`))
	f.Add([]byte(open + `<e:Header><h><a/></h></e:Header><e:Body><a/></e:Body></e:Envelope>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		call, err := Parse(body)
		if err == nil && call.Operation == "" {
			t.Fatal("a call without an operation was accepted")
		}
	})
}
