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
	stringType    = ` xsi:type="xsd:string"`
	envelopeEnd   = `</soapenv:Body></soapenv:Envelope>`
)

// Operation is what is called. Its name and its arguments' names must be XML names; they are not escaped.
type Operation struct {
	Namespace string
	Name      string
	// Action is the SOAPAction header. Axis wants the header to be there and does not read it; WCF goes by it.
	Action string
	// Literal writes document/literal messages: arguments in the operation's namespace and without types, as WCF wants them.
	// Else rpc/encoded (SOAP 1.1 §5 and §7.1): arguments in no namespace, each with its type.
	Literal bool
}

// Argument is one argument of a call.
type Argument struct{ Name, Value string }

// Call writes the envelope of a call. Characters that XML cannot hold become U+FFFD.
func (o Operation) Call(arguments []Argument) []byte {
	style, prefix, kind := encodingStyle, "", stringType
	if o.Literal {
		style, prefix, kind = "", "op:", ""
	}
	var text bytes.Buffer
	text.Grow(usualCall)
	text.WriteString(envelopeStart + `<op:` + o.Name + style + ` xmlns:op="`)
	escape(&text, o.Namespace)
	text.WriteString(`">`)
	for _, argument := range arguments {
		writeElement(&text, prefix, argument.Name, kind, argument.Value)
	}
	text.WriteString(`</op:` + o.Name + `>` + envelopeEnd)
	return text.Bytes()
}

// Header gives the headers of a call.
func (o Operation) Header() http.Header {
	return http.Header{"Content-Type": {MediaType + "; charset=utf-8"}, "Soapaction": {`"` + o.Action + `"`}}
}

// WriteElement appends an element around a text, which is escaped. name must be an XML name.
func WriteElement(text *bytes.Buffer, name, value string) {
	writeElement(text, "", name, "", value)
}

func writeElement(text *bytes.Buffer, prefix, name, attributes, value string) {
	for _, part := range [...]string{"<", prefix, name, attributes, ">"} {
		text.WriteString(part)
	}
	escape(text, value)
	for _, part := range [...]string{"</", prefix, name, ">"} {
		text.WriteString(part)
	}
}

// usualCall is room for a call of ten arguments.
const usualCall = 2 << 10

func escape(text *bytes.Buffer, value string) {
	if plain(value) {
		text.WriteString(value)
		return
	}
	_ = xml.EscapeText(text, []byte(value)) // a buffer's Write does not fail
}

// plain reports whether a text is of characters that stand for themselves.
func plain(value string) bool {
	for _, c := range []byte(value) {
		switch {
		case c < ' ', c > '~', c == '<', c == '>', c == '&', c == '\'', c == '"':
			return false
		}
	}
	return true
}
