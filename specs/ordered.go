package specs

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/goccy/go-yaml"
)

// Ordered is a place in openapi.yaml whose members are as they stand there. OpenAPI libraries hold maps, in which the order that
// the contract was written in is lost.
type Ordered struct{ root any }

// OpenAPIInOrder reads the contract. It fails if openapi.yaml is no YAML 1.2.
func OpenAPIInOrder() (Ordered, error) {
	var root yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(openAPI, &root, yaml.UseOrderedMap()); err != nil {
		return Ordered{}, fmt.Errorf("read openapi.yaml in its order: %w", err)
	}
	return Ordered{root}, nil
}

// At follows the member names down from here. What isn't there is empty.
func (o Ordered) At(path ...string) Ordered {
	for _, name := range path {
		o = o.member(name)
	}
	return o
}

func (o Ordered) member(name string) Ordered {
	members, _ := o.root.(yaml.MapSlice)
	for _, one := range members {
		if one.Key == name {
			return Ordered{one.Value}
		}
	}
	return Ordered{}
}

// Names gives an object's member names, and nothing for any other value.
func (o Ordered) Names() []string {
	members, _ := o.root.(yaml.MapSlice)
	list := make([]string, 0, len(members))
	for _, one := range members {
		list = append(list, fmt.Sprint(one.Key))
	}
	return list
}

// JSON writes the value as indented JSON (RFC 8259), and "" if there is none.
func (o Ordered) JSON() (string, error) {
	if o.root == nil {
		return "", nil
	}
	var out bytes.Buffer
	if err := o.encode(jsontext.NewEncoder(&out, jsontext.WithIndent("  "))); err != nil {
		return "", fmt.Errorf("encode an example: %w", err)
	}
	return out.String(), nil
}

func (o Ordered) encode(to *jsontext.Encoder) error {
	switch value := o.root.(type) {
	case yaml.MapSlice:
		return o.encodeObject(to, value)
	case []any:
		return o.encodeArray(to, value)
	}
	return json.MarshalEncode(to, o.root)
}

func (o Ordered) encodeObject(to *jsontext.Encoder, members yaml.MapSlice) error {
	if err := to.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, one := range members {
		if err := to.WriteToken(jsontext.String(fmt.Sprint(one.Key))); err != nil {
			return err
		}
		if err := (Ordered{one.Value}).encode(to); err != nil {
			return err
		}
	}
	return to.WriteToken(jsontext.EndObject)
}

func (o Ordered) encodeArray(to *jsontext.Encoder, items []any) error {
	if err := to.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for _, item := range items {
		if err := (Ordered{item}).encode(to); err != nil {
			return err
		}
	}
	return to.WriteToken(jsontext.EndArray)
}
