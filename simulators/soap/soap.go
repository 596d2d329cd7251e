// Package soap reads and writes SOAP 1.1 rpc messages as the Axis services of the police platforms do: one operation, text
// arguments in order. It is the server's side only and knows no operation by name.
package soap

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

const envelopeNamespace = "http://schemas.xmlsoap.org/soap/envelope/"

// Call is one rpc call: the operation and its arguments, in the order they came.
type Call struct {
	Namespace string // of the operation
	Operation string
	Arguments []Argument
	Header    []Argument // children of the blocks in the SOAP header, if any
}

// Argument is one named text.
type Argument struct{ Name, Value string }

// Value gives the argument of that name, empty when it is not there.
func (c Call) Value(name string) string { return find(c.Arguments, name) }

// HeaderValue gives the header text of that name, empty when it is not there.
func (c Call) HeaderValue(name string) string { return find(c.Header, name) }

func find(among []Argument, name string) string {
	for _, argument := range among {
		if argument.Name == name {
			return argument.Value
		}
	}
	return ""
}

// Names lists the arguments in the order they came.
func (c Call) Names() []string {
	names := make([]string, 0, len(c.Arguments))
	for _, argument := range c.Arguments {
		names = append(names, argument.Name)
	}
	return names
}

// wireEnvelope is what encoding/xml reads; the operation and its arguments have names that only the document knows.
type wireEnvelope struct {
	XMLName xml.Name
	Header  struct {
		Blocks []wireElement `xml:",any"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Header"`
	Body *struct {
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

// Parse reads a SOAP 1.1 call. A document type is refused, as Axis does: it is how entity bombs come in.
func Parse(body []byte) (Call, error) {
	if bytes.Contains(body, []byte("<!DOCTYPE")) {
		return Call{}, errors.New("a document type is not allowed in a SOAP message")
	}
	decoder := xml.NewDecoder(bytes.NewReader(body))
	var wire wireEnvelope
	if err := decoder.Decode(&wire); err != nil {
		return Call{}, fmt.Errorf("the envelope is not well-formed: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Call{}, errors.New("something follows the envelope")
	}
	return wire.call()
}

func (w wireEnvelope) call() (Call, error) {
	if w.XMLName.Space != envelopeNamespace || w.XMLName.Local != "Envelope" {
		return Call{}, errors.New("the message is no SOAP 1.1 envelope")
	}
	if w.Body == nil || len(w.Body.Operations) != 1 {
		return Call{}, errors.New("the body must hold exactly one operation")
	}
	operation := w.Body.Operations[0]
	arguments, err := operation.texts()
	if err != nil {
		return Call{}, err
	}
	call := Call{Namespace: operation.XMLName.Space, Operation: operation.XMLName.Local, Arguments: arguments}
	for _, block := range w.Header.Blocks {
		children, err := block.texts()
		if err != nil {
			return Call{}, err
		}
		call.Header = append(call.Header, children...)
	}
	return call, nil
}

func (e wireElement) texts() ([]Argument, error) {
	var arguments []Argument
	for _, child := range e.Children {
		if len(child.Nested) > 0 {
			return nil, fmt.Errorf("%s is not a text: escape its document", child.XMLName.Local)
		}
		arguments = append(arguments, Argument{child.XMLName.Local, child.Text})
	}
	return arguments, nil
}
