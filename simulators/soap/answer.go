package soap

import (
	"encoding/xml"
	"net/http"
	"strings"

	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

const contentType = "text/xml;charset=utf-8"

// Escape writes a text so that it can stand inside an element or an attribute.
func Escape(text string) string {
	var escaped strings.Builder
	if err := xml.EscapeText(&escaped, []byte(text)); err != nil {
		panic("soap: a string builder refused to grow: " + err.Error())
	}
	return escaped.String()
}

// Response writes an answer the way Axis does: <operation>Response in the operation's namespace around one text, which must
// be escaped already (an answer in a broken encoding could not be escaped any more).
func Response(namespace, operation, returned, escaped string) standin.Reply {
	body := `<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="` + envelopeNamespace +
		`" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><ns1:` +
		operation + `Response soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xmlns:ns1="` + namespace + `"><` +
		returned + ` xsi:type="xsd:string">` + escaped + `</` + returned + `></ns1:` + operation + `Response></soapenv:Body></soapenv:Envelope>`
	return standin.Reply{Status: http.StatusOK, ContentType: contentType, Body: []byte(body)}
}

// Fault is how Axis turns away what it cannot take for a call: HTTP 500 and a Fault.
func Fault(reason string) standin.Reply {
	body := `<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="` + envelopeNamespace +
		`"><soapenv:Body><soapenv:Fault><faultcode>soapenv:Server.userException</faultcode><faultstring>` + Escape(reason) +
		`</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>`
	return standin.Reply{Status: http.StatusInternalServerError, ContentType: contentType, Body: []byte(body)}
}

// CheckTransport names what Axis itself finds wrong with a request, empty when nothing is.
func CheckTransport(request *http.Request) string {
	if request.Method != http.MethodPost {
		return "only POST carries an envelope"
	}
	if !strings.HasPrefix(request.Header.Get("Content-Type"), "text/xml") {
		return "content type is not text/xml"
	}
	if len(request.Header.Values("SOAPAction")) == 0 {
		return "no SOAPAction header!"
	}
	return ""
}
