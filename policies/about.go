package policies

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// About is what people are told of the policies in force.
type About struct {
	Revision string
	Chapters []Chapter // by file
	Reasons  map[string]exchange.Text
}

// Chapter is one file of rules, by its METADATA.
type Chapter struct {
	File        string
	Package     string // such as zhengqiao.region
	Title       string
	Description string
	Rules       []string // names, in the order of the file
	Codes       []string // of the reasons that it may give, sorted
}

// About describes the policies in force.
func (e *Engine) About() About {
	p := e.current.Load()
	return About{Revision: p.revision, Chapters: slices.Clone(p.chapters), Reasons: maps.Clone(p.reasons)}
}

func chapters(modules map[string]*ast.Module) []Chapter {
	var all []Chapter
	for file, module := range modules {
		chapter := Chapter{File: file, Package: strings.TrimPrefix(module.Package.Path.String(), "data."), Rules: ruleNames(module)}
		for _, note := range module.Annotations {
			chapter.Title, chapter.Description = cmp.Or(chapter.Title, note.Title), cmp.Or(chapter.Description, note.Description)
		}
		chapter.Codes = slices.Sorted(maps.Keys(codes(map[string]*ast.Module{file: module})))
		all = append(all, chapter)
	}
	slices.SortFunc(all, func(a, b Chapter) int { return cmp.Compare(a.File, b.File) })
	return all
}

func ruleNames(module *ast.Module) []string {
	var names []string
	for _, rule := range module.Rules {
		if name := rule.Head.Ref().GroundPrefix().String(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
