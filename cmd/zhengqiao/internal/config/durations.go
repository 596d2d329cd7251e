package config

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// checkDurations refuses times that lack a unit or can't be read, with their line: the decoder's own complaints name a Go type,
// or no place at all.
func checkDurations(node ast.Node, into reflect.Type) error {
	switch into.Kind() {
	case reflect.Pointer:
		return checkDurations(node, into.Elem())
	case reflect.Struct:
		return checkMembers(node, into)
	case reflect.Slice:
		if list, ok := node.(*ast.SequenceNode); ok {
			for _, item := range list.Values {
				if err := checkDurations(item, into.Elem()); err != nil {
					return err
				}
			}
		}
	}
	if scalar, ok := node.(ast.ScalarNode); ok && into == reflect.TypeFor[time.Duration]() {
		return checkDuration(scalar)
	}
	return nil
}

func checkMembers(node ast.Node, into reflect.Type) error {
	mapping, ok := node.(*ast.MappingNode)
	if !ok {
		return nil
	}
	for _, member := range mapping.Values {
		for field := range into.Fields() {
			if key, _, _ := strings.Cut(field.Tag.Get("yaml"), ","); key != "" && key == member.Key.String() {
				if err := checkDurations(member.Value, field.Type); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func checkDuration(scalar ast.ScalarNode) error {
	text := fmt.Sprint(scalar.GetValue())
	if _, err := time.ParseDuration(text); err == nil || scalar.Type() == ast.NullType {
		return nil
	}
	place := scalar.GetToken().Position
	return fmt.Errorf("line %d: %q: want a duration such as 3s, 250ms or 1m30s", place.Line, text)
}
