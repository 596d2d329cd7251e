package tmri

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"net/url"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// The operations that read.
const (
	query    = "queryObjectOut"
	queryNew = "queryObjectOutNew"
)

// signature gives an operation's arguments in their order, nil for an operation that the port does not have. Arguments are
// positional to the platform's SOAP engine: dwmc stands before dwjgdm in one operation and after it in the other.
func signature(port, operation string) []string {
	switch {
	case port == PortOld && operation == query:
		return []string{"xtlb", "jkxlh", "jkid", "UTF8XmlDoc"}
	case port == PortNew && operation == query:
		return []string{"xtlb", "jkxlh", "jkid", "yhbz", "dwmc", "dwjgdm", "yhxm", "zdbs", "UTF8XmlDoc"}
	case port == PortNew && operation == queryNew:
		return []string{"xtlb", "jkxlh", "jkid", "cjsqbh", "dwjgdm", "dwmc", "yhbz", "yhxm", "zdbs", "UTF8XmlDoc"}
	}
	return nil
}

// call is one question before it is written.
type call struct {
	config  Config
	serial  string
	asked   Interface
	purpose exchange.Purpose
	query   []condition
}

// condition is one element of the query document.
type condition struct{ column, value string }

// argument gives the value of one argument by its name in the WSDL.
func (c call) argument(name string) string {
	user, userName := c.user()
	unit, unitName := c.unit()
	return map[string]string{
		"xtlb": c.asked.system(), "jkxlh": c.serial, "jkid": c.asked.ID, "cjsqbh": c.config.Scene, "dwjgdm": unit,
		"dwmc": unitName, "yhbz": user, "yhxm": userName, "zdbs": c.config.Audit.Terminal, "UTF8XmlDoc": c.document(),
	}[name]
}

// selfService is the contract's operator of a citizen who acts alone: no account that anybody could look up.
const selfService = "self"

func (c call) user() (mark, name string) {
	if operator := c.purpose.Operator; operator != "" && operator != selfService {
		return operator, operator // the contract knows the operator by account only
	}
	return c.config.Audit.User, c.config.Audit.UserName
}

// unit takes code and name together: the name of one unit beside the code of another would be a false record.
func (c call) unit() (code, name string) {
	if c.purpose.Unit == "" {
		return c.config.Audit.Unit, c.config.Audit.UnitName
	}
	return c.purpose.Unit, cmp.Or(c.purpose.UnitName, c.purpose.Unit)
}

// document writes the query document. Values are URL-encoded, all of them, since the platform decodes all of them.
func (c call) document() string {
	var text bytes.Buffer
	text.WriteString(`<?xml version="1.0" encoding="utf-8"?><root><QueryCondition>`)
	for _, condition := range c.query {
		element(&text, condition.column, "", url.QueryEscape(condition.value))
	}
	text.WriteString(`</QueryCondition></root>`)
	return text.String()
}

const (
	envelopeNamespace = "http://schemas.xmlsoap.org/soap/envelope/"
	envelopeStart     = `<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="` + envelopeNamespace + `"` +
		` xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>`
	encodingStyle = ` soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"`
	envelopeEnd   = `</soapenv:Body></soapenv:Envelope>`
)

// envelope writes the call (SOAP 1.1 §7.1, rpc; arguments without a namespace, §5 encoding).
func (c call) envelope() []byte {
	var text bytes.Buffer
	text.WriteString(envelopeStart + `<op:` + c.config.Operation + encodingStyle + ` xmlns:op="`)
	escape(&text, c.config.Namespace)
	text.WriteString(`">`)
	for _, name := range signature(c.config.Port, c.config.Operation) {
		element(&text, name, ` xsi:type="xsd:string"`, c.argument(name))
	}
	text.WriteString(`</op:` + c.config.Operation + `>` + envelopeEnd)
	return text.Bytes()
}

func element(text *bytes.Buffer, name, attributes, value string) {
	text.WriteString("<" + name + attributes + ">")
	escape(text, value)
	text.WriteString("</" + name + ">")
}

// escape writes a value as character data; characters that XML cannot hold become U+FFFD.
func escape(text *bytes.Buffer, value string) {
	_ = xml.EscapeText(text, []byte(value)) // a buffer's Write does not fail
}
