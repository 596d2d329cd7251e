// Package folder reads a policy folder whole, as its author works on it: what decides, and what only the author's tools read (Rego
// tests, cases, matrix). It judges nothing but whether each file can be read as what it is.
package folder

import (
	"errors"
	"fmt"
	"hash"
	"io/fs"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/casebook"
	"github.com/zhengqiao/zhengqiao/policies/authoring/matrix"
)

// Folder is a policy folder that can be read.
type Folder struct {
	FS    fs.FS
	Draft *policies.Draft
	Tests map[string]*ast.Module // by path, such as fields_test.rego
	Cases []*casebook.Case
	Book  *matrix.Book
}

// Open reads a folder of the layout of the shipped policies. The error has everything that can't be read, with file and line.
func Open(fsys fs.FS, newHash func() hash.Hash) (*Folder, error) {
	draft, err := policies.ReadDraft(fsys, newHash)
	f := &Folder{FS: fsys, Draft: draft}
	faults := []error{err}
	f.Tests, err = readTests(fsys)
	faults = append(faults, err)
	f.Cases, err = casebook.Read(fsys)
	faults = append(faults, err)
	if draft != nil {
		f.Book, err = matrix.Read(fsys, draft.Data)
		faults = append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return f, nil
}

func readTests(fsys fs.FS) (map[string]*ast.Module, error) {
	paths, err := fs.Glob(fsys, "*_test.rego")
	if err != nil {
		return nil, fmt.Errorf("list tests: %w", err)
	}
	tests := map[string]*ast.Module{}
	var faults []error
	for _, path := range paths {
		content, err := fs.ReadFile(fsys, path)
		if err != nil {
			return nil, fmt.Errorf("read tests: %w", err)
		}
		module, err := ast.ParseModuleWithOpts(path, string(content), ast.ParserOptions{RegoVersion: ast.RegoV1, ProcessAnnotation: true})
		if tests[path] = module; err != nil {
			faults = append(faults, err)
		}
	}
	return tests, errors.Join(faults...)
}
