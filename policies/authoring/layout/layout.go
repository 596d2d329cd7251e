// Package layout puts rules into the one layout that OPA's formatter gives them. It changes no meaning and no file by itself.
//
// OPA's formatter (1.22.2) writes the places of terms into some that the whole process shares. So nothing else may use OPA meanwhile:
// this is for commands that do one thing after the other, never for a gateway.
package layout

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
)

// Untidy gives the Rego files of a folder, tests included, that are not laid out so, each with its content as it should be. The error
// has every file that can't be read as Rego.
func Untidy(fsys fs.FS) (map[string][]byte, error) {
	paths, err := fs.Glob(fsys, "*.rego")
	if err != nil {
		return nil, fmt.Errorf("list rules: %w", err)
	}
	untidy := map[string][]byte{}
	var faults []error
	for _, path := range paths {
		content, err := fs.ReadFile(fsys, path)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		tidy, err := Tidy(path, content)
		if err != nil {
			faults = append(faults, err)
		} else if !bytes.Equal(tidy, content) {
			untidy[path] = tidy
		}
	}
	return untidy, errors.Join(faults...)
}

// Tidy lays out one file.
func Tidy(path string, content []byte) ([]byte, error) {
	return format.SourceWithOpts(path, content, format.Opts{RegoVersion: ast.RegoV1})
}
