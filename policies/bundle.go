package policies

import (
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/util"
)

// bundle is the policies as files say them, before anything is compiled.
type bundle struct {
	revision string
	modules  map[string]*ast.Module
	data     map[string]any
	places   places // of the data
	schema   any    // of the input document; nil if there is none
}

// inputSchema is the file that describes the input document; with it a misspelt input member does not compile.
const inputSchema = "schema/input.json"

// readBundle reads the rules (*.rego without the tests), the data (data/*.yaml) and the input schema. Tests and cases decide
// nothing, so they are no part of the revision.
func readBundle(fsys fs.FS, newHash func() hash.Hash) (*bundle, error) {
	files, err := decisiveFiles(fsys)
	if err != nil {
		return nil, err
	}
	b := &bundle{modules: map[string]*ast.Module{}, data: map[string]any{}, places: places{}}
	sum := newHash()
	var faults []error
	for _, path := range files {
		content, err := fs.ReadFile(fsys, path)
		if err != nil {
			return nil, fmt.Errorf("read policies: %w", err)
		}
		// The lengths keep the border between two members where it is.
		fmt.Fprintf(sum, "%d %s %d ", len(path), path, len(content))
		sum.Write(content)
		faults = append(faults, b.add(path, content))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	b.revision = hex.EncodeToString(sum.Sum(nil))
	return b, nil
}

// decisiveFiles gives the sorted paths of the files that decide.
func decisiveFiles(fsys fs.FS) ([]string, error) {
	var files []string
	for _, pattern := range []string{"*.rego", "data/*.yaml", inputSchema} {
		found, err := fs.Glob(fsys, pattern)
		if err != nil {
			return nil, fmt.Errorf("list policies: %w", err)
		}
		files = append(files, found...)
	}
	files = slices.DeleteFunc(files, func(path string) bool { return strings.HasSuffix(path, "_test.rego") })
	slices.Sort(files)
	return files, nil
}

func (b *bundle) add(path string, content []byte) error {
	switch {
	case strings.HasSuffix(path, ".rego"):
		return b.addModule(path, content)
	case path == inputSchema:
		if err := util.UnmarshalJSON(content, &b.schema); err != nil {
			return fmt.Errorf("policies: %s: %w", path, err)
		}
		return nil
	}
	return b.addData(path, content)
}

func (b *bundle) addModule(path string, content []byte) error {
	module, err := ast.ParseModuleWithOpts(path, string(content), ast.ParserOptions{RegoVersion: ast.RegoV1, ProcessAnnotation: true})
	if err != nil {
		return fmt.Errorf("policies: parse %s: %w", path, err)
	}
	b.modules[path] = module
	return nil
}
