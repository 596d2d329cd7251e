package tmri

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

const (
	soapNamespace = "http://schemas.xmlsoap.org/soap/envelope/"
	axisNamespace = "http://endpoint.axis.framework.tmri.com"
	wcfNamespace  = "http://tempuri.org/" // of the look-alike that some provinces put in front
)

// envelope is one rpc call: the operation and its arguments, in the order they came.
type envelope struct {
	operation string
	arguments []argument
}

type argument struct{ name, value string }

func (e envelope) value(name string) string {
	for _, argument := range e.arguments {
		if argument.name == name {
			return argument.value
		}
	}
	return ""
}

func (e envelope) names() []string {
	names := make([]string, 0, len(e.arguments))
	for _, argument := range e.arguments {
		names = append(names, argument.name)
	}
	return names
}

// wireEnvelope is what encoding/xml reads; the operation and its arguments have names that only the document knows.
type wireEnvelope struct {
	XMLName xml.Name
	Body    *struct {
		Operations []wireElement `xml:",any"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

type wireElement struct {
	XMLName  xml.Name
	Children []wireArgument `xml:",any"`
}

type wireArgument struct {
	XMLName xml.Name
	Text    string        `xml:",chardata"`
	Nested  []wireElement `xml:",any"`
}

// parseEnvelope reads a SOAP 1.1 call. A document type is refused, as Axis does: it is how entity bombs come in.
func parseEnvelope(body []byte) (envelope, error) {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	if bytes.Contains(body, []byte("<!DOCTYPE")) {
		return envelope{}, errors.New("a document type is not allowed in a SOAP message")
	}
	var wire wireEnvelope
	if err := decoder.Decode(&wire); err != nil {
		return envelope{}, fmt.Errorf("the envelope is not well-formed: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return envelope{}, errors.New("something follows the envelope")
	}
	return wire.call()
}

func (w wireEnvelope) call() (envelope, error) {
	if w.XMLName.Space != soapNamespace || w.XMLName.Local != "Envelope" {
		return envelope{}, errors.New("the message is no SOAP 1.1 envelope")
	}
	if w.Body == nil || len(w.Body.Operations) != 1 {
		return envelope{}, errors.New("the body must hold exactly one operation")
	}
	operation := w.Body.Operations[0]
	if operation.XMLName.Space != axisNamespace && operation.XMLName.Space != wcfNamespace {
		return envelope{}, errors.New("the operation is in an unknown namespace")
	}
	call := envelope{operation: operation.XMLName.Local}
	for _, child := range operation.Children {
		if len(child.Nested) > 0 {
			return envelope{}, fmt.Errorf("argument %s is not a text: escape its document", child.XMLName.Local)
		}
		call.arguments = append(call.arguments, argument{child.XMLName.Local, child.Text})
	}
	return call, nil
}

func escape(text string) string {
	var escaped strings.Builder
	if err := xml.EscapeText(&escaped, []byte(text)); err != nil {
		panic("tmri: a string builder refused to grow: " + err.Error())
	}
	return escaped.String()
}

// responseEnvelope writes an answer the way Axis does: <operation>Response around <operation>Return.
func responseEnvelope(operation, text string) []byte {
	return []byte(`<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="` + soapNamespace +
		`" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><ns1:` +
		operation + `Response soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xmlns:ns1="` + axisNamespace + `"><` +
		operation + `Return xsi:type="xsd:string">` + escape(text) + `</` + operation + `Return></ns1:` + operation +
		`Response></soapenv:Body></soapenv:Envelope>`)
}

// soapFault is how Axis turns away what it cannot take for a call: HTTP 500 and a Fault.
func soapFault(reason string) standin.Reply {
	body := `<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="` + soapNamespace +
		`"><soapenv:Body><soapenv:Fault><faultcode>soapenv:Server.userException</faultcode><faultstring>` + escape(reason) +
		`</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>`
	return standin.Reply{Status: http.StatusInternalServerError, ContentType: "text/xml;charset=utf-8", Body: []byte(body)}
}
