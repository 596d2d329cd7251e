package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// fault is one thing that is wrong, at a YAML path such as $.platforms[0].region.
type fault struct {
	path string
	text string
}

// faults collects what is wrong, so that one run shows all of it.
type faults []fault

func (f *faults) add(ok bool, path, format string, args ...any) {
	if !ok {
		*f = append(*f, fault{path, fmt.Sprintf(format, args...)})
	}
}

// locate turns faults into one error whose lines name the line of the file, or of the nearest enclosing key that is there.
func locate(found faults, text []byte) error {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return err
	}
	var lines []error
	for _, fault := range found {
		lines = append(lines, errors.New(at(file, fault.path, fault.text)))
	}
	return errors.Join(lines...)
}

func at(file *ast.File, path, text string) string {
	return fmt.Sprintf("line %d: %s: %s", lineOf(file, path), strings.TrimPrefix(path, "$."), text)
}

// lineOf gives the line of the path, or of the nearest enclosing key that is there.
func lineOf(file *ast.File, path string) int {
	for ; path != "$" && path != ""; path = parent(path) {
		if node := find(file, path); node != nil {
			return node.GetToken().Position.Line
		}
	}
	return 1
}

// find gives the node of a path, nil if there is none.
func find(file *ast.File, path string) ast.Node {
	p, err := yaml.PathString(path)
	if err != nil {
		return nil
	}
	node, err := p.FilterFile(file)
	if err != nil || node == nil || node.GetToken() == nil {
		return nil
	}
	return node
}

func parent(path string) string { return path[:max(0, strings.LastIndexAny(path, ".["))] }

// located is an error with its place in the file.
type located struct {
	text string
	err  error
}

func (l *located) Error() string { return l.text }
func (l *located) Unwrap() error { return l.err }

// At gives an error its place in the file, for what shows only when the file's values are used. path is a YAML path such as
// $.sources[0].settings. A text that begins with a key below it, as an adapter's errors do ("http.allow[0]: want…"), gets that key's line;
// a decoder's error has its place already and comes back as it is.
func (c *Config) At(path string, err error) error {
	if positioned, ok := errors.AsType[yaml.Error](err); err == nil || ok && positioned.GetToken() != nil {
		return err
	}
	file, broken := parser.ParseBytes(c.text, 0)
	if broken != nil {
		return err // it was read before, so this doesn't happen
	}
	var lines []string
	for line := range strings.Lines(err.Error()) {
		lines = append(lines, below(file, path, strings.TrimSuffix(line, "\n")))
	}
	return &located{strings.Join(lines, "\n"), err}
}

// below moves a key at the beginning of the text into the path. A text with a line keeps it.
func below(file *ast.File, path, text string) string {
	if regexp.MustCompile(`^line \d+: `).MatchString(text) {
		return text
	}
	keyed := regexp.MustCompile(`^([A-Za-z][A-Za-z0-9]*(?:\[\d+\]|\.[A-Za-z][A-Za-z0-9]*)*): (.*)$`)
	if parts := keyed.FindStringSubmatch(text); parts != nil && isBelow(file, path, parts[1]) {
		return at(file, path+"."+parts[1], parts[2])
	}
	return at(file, path, text)
}

// isBelow tells a key that the file has, at least in its first part, from a word of the error.
func isBelow(file *ast.File, path, key string) bool {
	first := key
	if end := strings.IndexAny(key, ".["); end > 0 {
		first = key[:end]
	}
	return find(file, path+"."+first) != nil
}

// InFile names the file, before each line of an error that tells of several faults.
func InFile(path string, err error) error {
	return &located{path + ": " + strings.ReplaceAll(err.Error(), "\nline ", "\n"+path+": line "), err}
}
