package config

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// leaf is one value of a configuration.
type leaf struct {
	text  string
	shown bool // it may be shown: it is a number, a time or a switch
}

// leaves collects the values of a configuration by their places.
type leaves map[place]leaf

func leavesOf(c *Config) leaves {
	all := leaves{}
	sections := reflect.ValueOf(c).Elem()
	for i := range sections.NumField() {
		field := sections.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if !field.IsExported() || name == "" {
			continue
		}
		all.section(name, sections.Field(i))
	}
	return all
}

// section takes a list apart by the ids of its parts.
func (l leaves) section(name string, value reflect.Value) {
	if value.Kind() != reflect.Slice || value.Type().Elem().Kind() != reflect.Struct {
		l.value(part{section: name}, "", value)
		return
	}
	for i, id := range idsOf(value) {
		l.value(part{name, id}, "", value.Index(i))
	}
}

// idsOf names the parts of a list. Of those that go by the same name, as several routes of one region do, each after the first has its
// number among them: which comes first matters.
func idsOf(list reflect.Value) []string {
	ids, times := make([]string, list.Len()), map[string]int{}
	for i := range ids {
		ids[i] = idOf(list.Index(i), i)
		if times[ids[i]]++; times[ids[i]] > 1 {
			ids[i] = fmt.Sprintf("%s #%d", ids[i], times[ids[i]])
		}
	}
	return ids
}

// idOf names a part of a list: by its id, by what else tells it apart, or by its number.
func idOf(value reflect.Value, number int) string {
	var names []string
	for _, member := range []string{"ID", "KeyID", "Region", "Source", "Mode", "Platform", "Adapter", "What"} {
		field := value.FieldByName(member)
		if !field.IsValid() || field.Kind() != reflect.String || field.String() == "" {
			continue
		}
		names = append(names, field.String())
		if member == "ID" || member == "KeyID" {
			break
		}
	}
	if names == nil {
		return fmt.Sprintf("#%d", number+1)
	}
	return strings.Join(names, " ")
}

func (l leaves) value(p part, key string, value reflect.Value) {
	switch held := value.Interface().(type) {
	case time.Duration, time.Time, bool:
		l.put(p, key, fmt.Sprint(held), true)
		return
	case ast.Node:
		l.settings(p, key, held)
		return
	}
	switch value.Kind() {
	case reflect.Struct:
		l.members(p, key, value)
	case reflect.Slice:
		l.items(p, key, value)
	case reflect.Pointer, reflect.Interface:
		if !value.IsNil() { // what it points to, since the address is another one each time
			l.value(p, key, value.Elem())
		}
	case reflect.Map:
		l.put(p, key, fmt.Sprintf("%#v", value), false)
	case reflect.String:
		l.put(p, key, value.String(), false)
	default:
		l.put(p, key, fmt.Sprint(value), true)
	}
}

func (l leaves) put(p part, key, text string, shown bool) { l[place{p, key}] = leaf{text, shown} }

func (l leaves) members(p part, key string, value reflect.Value) {
	for i := range value.NumField() {
		field := value.Type().Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		switch {
		case strings.Contains(options, "inline"):
			l.members(p, key, value.Field(i))
		case field.IsExported() && name != "":
			l.value(p, joined(key, name), value.Field(i))
		}
	}
}

func joined(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}

// items takes a list of parts apart; any other list is one value.
func (l leaves) items(p part, key string, value reflect.Value) {
	if value.Type().Elem().Kind() != reflect.Struct {
		l.put(p, key, fmt.Sprintf("%q", value), false)
		return
	}
	for i, id := range idsOf(value) {
		item := fmt.Sprintf("%s[%s]", key, id)
		l.put(p, item, "", false)
		l.value(p, item, value.Index(i))
	}
}

// settings are an adapter's own: their keys may be shown, their values never.
func (l leaves) settings(p part, key string, node ast.Node) {
	mapping, ok := node.(*ast.MappingNode)
	if !ok {
		if node != nil {
			l.put(p, key, node.String(), false)
		}
		return
	}
	for _, member := range mapping.Values {
		l.settings(p, joined(key, member.Key.String()), member.Value)
	}
}
