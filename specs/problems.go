package specs

import (
	"bytes"
	_ "embed"
	"fmt"

	"github.com/goccy/go-yaml"
)

//go:embed problems.yaml
var problems []byte

// Problem is one entry of the problem catalogue: what a code means on the wire (RFC 9457).
type Problem struct {
	Status     int         `yaml:"status"`     // HTTP status
	RetryAfter int         `yaml:"retryAfter"` // seconds; 0: no advice
	ZH         ProblemText `yaml:"zh"`
	EN         ProblemText `yaml:"en"`
}

// ProblemText is an entry's text in one language.
type ProblemText struct {
	Title  string `yaml:"title"`  // the same for each occurrence
	Detail string `yaml:"detail"` // what it means
	Advice string `yaml:"advice"` // what to do next
}

// Problems gives the catalogue by code. An unknown member or a repeated code in problems.yaml is an error.
func Problems() (map[string]Problem, error) {
	catalogue := map[string]Problem{}
	decoder := yaml.NewDecoder(bytes.NewReader(problems), yaml.DisallowUnknownField())
	if err := decoder.Decode(&catalogue); err != nil {
		return nil, fmt.Errorf("read problems.yaml: %w", err)
	}
	return catalogue, nil
}
