package tmri

import (
	"bytes"
	"cmp"
	"net/url"

	"github.com/zhengqiao/zhengqiao/adapters/outbound/soap"
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
	config  *Config
	serial  string
	asked   Interface
	purpose exchange.Purpose
	query   []condition
}

// condition is one element of the query document.
type condition struct{ column, value string }

// value gives an argument by its name in the WSDL.
func (c *call) value(name string) string {
	user, userName := c.user()
	unit, unitName := c.unit()
	switch name {
	case "xtlb":
		return c.asked.system()
	case "jkxlh":
		return c.serial
	case "jkid":
		return c.asked.ID
	case "cjsqbh":
		return c.config.Scene
	case "dwjgdm":
		return unit
	case "dwmc":
		return unitName
	case "yhbz":
		return user
	case "yhxm":
		return userName
	case "zdbs":
		return c.config.Audit.Terminal
	case "UTF8XmlDoc":
		return c.document()
	}
	return ""
}

// selfService is the contract's operator of a citizen who acts alone: no account that anybody could look up.
const selfService = "self"

func (c *call) user() (mark, name string) {
	if operator := c.purpose.Operator; operator != "" && operator != selfService {
		return operator, operator // the contract knows the operator by account only
	}
	return c.config.Audit.User, c.config.Audit.UserName
}

// unit takes code and name together: the name of one unit beside the code of another would be a false record.
func (c *call) unit() (code, name string) {
	if c.purpose.Unit == "" {
		return c.config.Audit.Unit, c.config.Audit.UnitName
	}
	return c.purpose.Unit, cmp.Or(c.purpose.UnitName, c.purpose.Unit)
}

// usualDocument is room for a document of one or two conditions.
const usualDocument = 256

// document writes the query document. Values are URL-encoded, all of them, since the platform decodes all of them.
func (c *call) document() string {
	var text bytes.Buffer
	text.Grow(usualDocument)
	text.WriteString(`<?xml version="1.0" encoding="utf-8"?><root><QueryCondition>`)
	for _, condition := range c.query {
		soap.WriteElement(&text, condition.column, url.QueryEscape(condition.value))
	}
	text.WriteString(`</QueryCondition></root>`)
	return text.String()
}

// operation gives what is called, as the port's front wants it.
func (c *Config) operation() soap.Operation {
	if c.Front == FrontWCF {
		return soap.Operation{
			Namespace: c.Namespace, Name: c.Operation, Action: c.Namespace + wcfContract + "/" + c.Operation, Literal: true,
		}
	}
	return soap.Operation{Namespace: c.Namespace, Name: c.Operation}
}

// envelope writes the call.
func (c *call) envelope() []byte {
	names := signature(c.config.Port, c.config.Operation)
	arguments := make([]soap.Argument, len(names))
	for i, name := range names {
		arguments[i] = soap.Argument{Name: name, Value: c.value(name)}
	}
	return c.config.operation().Call(arguments)
}
