package soap

import (
	"bytes"
	"encoding/xml"
	"net/http"
)

// EnvelopeNamespace is that of SOAP 1.1.
const EnvelopeNamespace = "http://schemas.xmlsoap.org/soap/envelope/"

// MediaType is that of a SOAP 1.1 message (§6).
const MediaType = "text/xml"

const (
	envelopeStart = `<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="` + EnvelopeNamespace + `"` +
		` xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>`
	encodingStyle = ` soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"`
	argumentType  = ` xsi:type="xsd:string"`
	envelopeEnd   = `</soapenv:Body></soapenv:Envelope>`
)

// Argument is one argument of a call. Its name must be an XML name; it is not escaped.
type Argument struct{ Name, Value string }

// Call writes the envelope of a call (SOAP 1.1 §7.1, rpc; arguments without a namespace and with their type, §5 encoding).
// operation must be an XML name. Characters that XML cannot hold become U+FFFD.
func Call(namespace, operation string, arguments []Argument) []byte {
	var text bytes.Buffer
	text.WriteString(envelopeStart + `<op:` + operation + encodingStyle + ` xmlns:op="`)
	escape(&text, namespace)
	text.WriteString(`">`)
	for _, argument := range arguments {
		writeElement(&text, argument.Name, argumentType, argument.Value)
	}
	text.WriteString(`</op:` + operation + `>` + envelopeEnd)
	return text.Bytes()
}

// Header gives the headers of a call. Axis wants SOAPAction to be there; these services leave it empty.
func Header() http.Header {
	return http.Header{"Content-Type": {MediaType + "; charset=utf-8"}, "Soapaction": {`""`}}
}

// WriteElement appends an element around a text, which is escaped. name must be an XML name.
func WriteElement(text *bytes.Buffer, name, value string) { writeElement(text, name, "", value) }

func writeElement(text *bytes.Buffer, name, attributes, value string) {
	text.WriteString("<" + name + attributes + ">")
	escape(text, value)
	text.WriteString("</" + name + ">")
}

func escape(text *bytes.Buffer, value string) {
	_ = xml.EscapeText(text, []byte(value)) // a buffer's Write does not fail
}
