package config

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxAliases bounds how often anchors are used: an alias may hold aliases, and a file that multiplies itself must not pass.
const maxAliases = 1000

// parse reads the text and puts what an alias stands for in its place, so that a part of the file, such as a source's settings,
// can be decoded alone.
func parse(text []byte) (*ast.File, error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, err
	}
	r := resolver{anchors: map[string]ast.Node{}}
	for _, document := range file.Docs {
		if document.Body, err = r.resolve(document.Body); err != nil {
			return nil, err
		}
	}
	return file, nil
}

// resolver replaces aliases in the order of the text, in which an anchor stands before its aliases.
type resolver struct {
	anchors map[string]ast.Node
	used    int
}

func (r *resolver) resolve(node ast.Node) (_ ast.Node, err error) {
	switch n := node.(type) {
	case *ast.AnchorNode:
		n.Value, err = r.resolve(n.Value)
		r.anchors[n.Name.GetToken().Value] = n.Value
		return n.Value, err
	case *ast.AliasNode:
		return r.look(n)
	case *ast.MappingNode:
		for _, member := range n.Values {
			if member.Value, err = r.resolve(member.Value); err != nil {
				return nil, err
			}
		}
	case *ast.SequenceNode:
		for i := range n.Values {
			if n.Values[i], err = r.resolve(n.Values[i]); err != nil {
				return nil, err
			}
		}
	}
	return node, nil
}

func (r *resolver) look(alias *ast.AliasNode) (ast.Node, error) {
	name := alias.Value.GetToken().Value
	target, known := r.anchors[name]
	if r.used++; !known || r.used > maxAliases {
		return nil, fmt.Errorf("line %d: the alias *%s has no anchor before it, or there are over %d aliases", alias.GetToken().Position.Line, name, maxAliases)
	}
	return target, nil
}
