package scaffold

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"text/template"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/policies/authoring/layout"
)

// Rule is what a new rule is called and what it tells the citizen.
type Rule struct {
	Name   string // of its package and file, such as night_hours
	ZH, EN string // of its reason; empty: to be written
}

//go:embed rule.rego.tmpl
var ruleText string

//go:embed test.rego.tmpl
var testText string

//go:embed case.yaml.tmpl
var caseText string

// Code is the reason code that the rule refuses by.
func (r Rule) Code() string { return r.Name + "_refused" }

// Example is the made-up matter that the rule refuses until its author says better.
func (r Rule) Example() string { return "example-" + r.Name }

const (
	decisionFile = "decision.rego"
	reasonsFile  = "data/reasons.yaml"
)

// Files gives every file that the rule adds or changes, by path, with its whole content. Nothing is written.
func (r Rule) Files(fsys fs.FS) (map[string][]byte, error) {
	if err := r.check(fsys); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for path, text := range map[string]string{r.Name + ".rego": ruleText, r.Name + "_test.rego": testText, "cases/" + r.Name + ".yaml": caseText} {
		made, err := r.fill(text)
		if err != nil {
			return nil, err
		}
		files[path] = made
	}
	decision, err := fs.ReadFile(fsys, decisionFile)
	if err == nil {
		files[decisionFile], err = r.wire(decision)
	}
	if err != nil {
		return nil, err
	}
	reasons, err := fs.ReadFile(fsys, reasonsFile)
	if err != nil {
		return nil, err
	}
	files[reasonsFile] = r.addReason(reasons)
	for path, content := range files {
		if strings.HasSuffix(path, ".rego") {
			if files[path], err = layout.Tidy(path, content); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

// check makes sure that the name can be one, and that nothing is overwritten.
func (r Rule) check(fsys fs.FS) error {
	if !regexp.MustCompile(`^[a-z][a-z0-9_]{1,40}$`).MatchString(r.Name) || ast.IsKeyword(r.Name) || strings.HasSuffix(r.Name, "_test") {
		return fmt.Errorf("%q can't name a rule: want small letters, digits and _, such as night_hours", r.Name)
	}
	for _, path := range []string{r.Name + ".rego", r.Name + "_test.rego", "cases/" + r.Name + ".yaml"} {
		if _, err := fs.Stat(fsys, path); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is there already", path)
		}
	}
	return nil
}

func (r Rule) fill(text string) ([]byte, error) {
	parsed, err := template.New("").Parse(text)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = parsed.Execute(&b, r)
	return b.Bytes(), err
}

// addReason adds the texts at the end of the catalogue.
func (r Rule) addReason(reasons []byte) []byte {
	zh, en := r.ZH, r.EN
	if zh == "" {
		zh = fmt.Sprintf("此请求不符合规则 %s。请改用允许的事项。", r.Name)
	}
	if en == "" {
		en = fmt.Sprintf("The request is against the rule %s. Ask in a matter that it allows.", r.Name)
	}
	return fmt.Appendf(bytes.TrimRight(reasons, "\n"), "\n  # From %s.rego.\n  %s:\n    zh: %q\n    en: %q\n", r.Name, r.Code(), zh, en)
}
