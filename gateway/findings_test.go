package gateway

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// What is found in a body grows with the body and not with its square: each unknown member and each missing one is found once.
func TestEachPlaceIsFoundOnce(t *testing.T) {
	t.Parallel()
	c, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	const required = 3 // members of a licence request
	many := unknownMembersBody(maxValues)
	half := unknownMembersBody(maxValues / 2)
	deeper := append(append([]byte(`{"subject":`), half...), '}')
	for name, row := range map[string]struct {
		body  []byte
		found int
	}{
		"unknown members":       {many, maxValues + required},
		"in a part of the body": {deeper, maxValues/2 + 2 + required - 1}, // subject is there and lacks name and idNumber
		"authentications without anything": {
			[]byte(`{"authentications":[` + strings.TrimSuffix(strings.Repeat("{},", 100), ",") + `]}`), 100*3 + 1 + required - 1,
		},
	} {
		value, err := parseJSON(row.body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if found := c.find("queryLicence", value); len(found) != row.found {
			t.Errorf("%s: %d findings, want %d", name, len(found), row.found)
		}
		if list := c.validate("queryLicence", value); len(list) > maxPointers || list[0].Text.EN == "" {
			t.Errorf("%s: %d pointers, the first %v", name, len(list), list[0])
		}
	}
}

// The bounds let through whatever the contract allows. The number of values is the one that json.go states.
func TestLargestRequestFitsTheBounds(t *testing.T) {
	t.Parallel()
	c, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	largest, deepest := 0, 0
	for _, operation := range c.operations {
		if operation.body != nil {
			values, depth := size(operation.body)
			largest, deepest = max(largest, values), max(deepest, depth)
		}
	}
	if largest != 202 || largest > maxValues || deepest > maxDepth {
		t.Errorf("the largest request has %d values in %d levels", largest, deepest)
	}
}

// size gives how many values the largest body of a schema has, counted as parseJSON does, and how deep it is.
func size(schema *openapi3.Schema) (values, depth int) {
	if schema.Items != nil {
		values, depth = size(schema.Items.Value)
		return int(*schema.MaxItems) * (values + 1), depth + 1
	}
	for _, property := range schema.Properties {
		inner, levels := size(property.Value)
		values, depth = values+inner+1, max(depth, levels+1)
	}
	return values, depth
}
