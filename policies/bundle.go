package policies

import (
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"path"
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
	places   places         // of the data
	schemas  map[string]any // of input documents, by file name; a misspelt member does not compile
	files    map[string][]byte
}

// readBundle reads the rules (*.rego without the tests), the data (data/*.yaml) and the schemas of input documents. Tests and cases decide
// nothing, so they are no part of the revision.
func readBundle(fsys fs.FS, newHash func() hash.Hash) (*bundle, error) {
	files, err := decisiveFiles(fsys)
	if err != nil {
		return nil, err
	}
	b := &bundle{modules: map[string]*ast.Module{}, data: map[string]any{}, places: places{}, schemas: map[string]any{}, files: map[string][]byte{}}
	sum := newHash()
	var faults []error
	for _, file := range files {
		content, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read policies: %w", err)
		}
		// The lengths keep the border between two members where it is.
		fmt.Fprintf(sum, "%d %s %d ", len(file), file, len(content))
		sum.Write(content)
		b.files[file] = content
		faults = append(faults, b.add(file, content))
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
	for _, pattern := range []string{"*.rego", "data/*.yaml", "schema/*.json"} {
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
	case strings.HasSuffix(path, ".json"):
		return b.addSchema(path, content)
	}
	return b.addData(path, content)
}

func (b *bundle) addSchema(file string, content []byte) error {
	var schema any
	if err := util.UnmarshalJSON(content, &schema); err != nil {
		return fmt.Errorf("policies: %s: %w", file, err)
	}
	b.schemas[strings.TrimSuffix(path.Base(file), ".json")] = schema
	return nil
}

func (b *bundle) addModule(path string, content []byte) error {
	module, err := ast.ParseModuleWithOpts(path, string(content), ast.ParserOptions{RegoVersion: ast.RegoV1, ProcessAnnotation: true})
	if err != nil {
		return fmt.Errorf("policies: parse %s: %w", path, err)
	}
	b.modules[path] = module
	return nil
}
