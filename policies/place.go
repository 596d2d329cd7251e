package policies

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	yamlast "github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// place is where something is written.
type place struct {
	file string
	line int // counted from 1
}

func (p place) String() string { return fmt.Sprintf("%s:%d", p.file, p.line) }

// places gives the place of each path of the data, such as "platforms.zheliban.purposes.reminder" or "purposes.reminder.fields[2]".
// What an alias or a merge brings in is where it was written first.
type places map[string]place

// locate reads the places of one YAML file. The file holds one document; the reader would drop what comes after it.
func (p places) locate(file string, content []byte) error {
	if before, _, more := bytes.Cut(content, []byte("\n---")); more {
		return fmt.Errorf("%s:%d: a second document", file, bytes.Count(before, []byte("\n"))+2)
	}
	parsed, err := parser.ParseBytes(content, 0)
	if err != nil {
		return at(file, err)
	}
	locator := locator{places: p, file: file, anchors: map[string]yamlast.Node{}}
	for _, document := range parsed.Docs {
		locator.walk("", document.Body)
	}
	return locator.err
}

// nearest gives the place of a path, or of what it is in.
func (p places) nearest(path string) place {
	for at, known := p[path]; ; at, known = p[path] {
		end := strings.LastIndexAny(path, ".[")
		if known || end < 0 {
			return at
		}
		path = path[:end]
	}
}

// at says where in the file the YAML reader stumbled.
func at(file string, err error) error {
	if fault, ok := errors.AsType[yaml.Error](err); ok && fault.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", file, fault.GetToken().Position.Line, fault.GetMessage())
	}
	return fmt.Errorf("%s: %w", file, err)
}

type locator struct {
	places  places
	file    string
	anchors map[string]yamlast.Node
	err     error
}

func (l *locator) walk(path string, node yamlast.Node) {
	switch node := node.(type) {
	case *yamlast.AnchorNode:
		l.walk(path, node.Value)
		l.anchors[node.Name.GetToken().Value] = node.Value // only now: what holds itself has no end
	case *yamlast.TagNode:
		l.walk(path, node.Value)
	case *yamlast.AliasNode:
		l.walk(path, l.anchors[node.Value.GetToken().Value])
	case *yamlast.MappingNode:
		l.members(path, node.Values)
	case *yamlast.MappingValueNode:
		l.members(path, []*yamlast.MappingValueNode{node})
	case *yamlast.SequenceNode:
		for i, item := range node.Values {
			below := path + "[" + strconv.Itoa(i) + "]"
			l.places[below] = place{l.file, item.GetToken().Position.Line}
			l.walk(below, item)
		}
	}
}

// members takes what is merged in first, since the mapping's own members stand over it.
func (l *locator) members(path string, members []*yamlast.MappingValueNode) {
	for _, member := range members {
		if _, merged := member.Key.(*yamlast.MergeKeyNode); merged {
			l.walk(path, member.Value)
		}
	}
	for _, member := range members {
		switch key := member.Key.(type) {
		case *yamlast.MergeKeyNode:
		case *yamlast.StringNode:
			below := join(path, key.Value)
			l.places[below] = place{l.file, key.GetToken().Position.Line}
			l.walk(below, member.Value)
		default:
			l.err = fmt.Errorf("%s: a key that is no text; put it in quotation marks", place{l.file, key.GetToken().Position.Line})
		}
	}
}

// join gives the path of a member.
func join(path, member string) string {
	if path == "" {
		return member
	}
	return path + "." + member
}
