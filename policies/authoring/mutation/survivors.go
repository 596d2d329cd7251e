package mutation

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// survivorsFile holds the explanations of survivors.
const survivorsFile = "survivors.yaml"

// Explanation says why it is right that no test notices a mutant.
type Explanation struct {
	Mutant string `yaml:"mutant"` // its id
	Why    string `yaml:"why"`
}

// Explanations reads survivors.yaml of a policy folder; none if there is no such file.
func Explanations(fsys fs.FS) ([]Explanation, error) {
	content, err := fs.ReadFile(fsys, survivorsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read explanations: %w", err)
	}
	var all []Explanation
	if err := yaml.UnmarshalWithOptions(content, &all, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %w", survivorsFile, err)
	}
	for _, one := range all {
		if one.Mutant == "" || strings.TrimSpace(one.Why) == "" {
			return nil, fmt.Errorf("%s: an explanation has a mutant and a why: %+v", survivorsFile, one)
		}
	}
	return all, nil
}

func explained(explanations []Explanation, id string) bool {
	return slices.ContainsFunc(explanations, func(one Explanation) bool { return one.Mutant == id })
}

func chosen(mutants []*Mutant, only func(id string) bool) []*Mutant {
	return slices.DeleteFunc(mutants, func(m *Mutant) bool { return only != nil && !only(m.ID) })
}
