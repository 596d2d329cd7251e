package checkup

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
)

// checkRules compiles rules and tests as production does, and besides that against the names that the data has.
func checkRules(opened *folder.Folder) []Finding {
	modules := maps.Clone(opened.Draft.Modules)
	maps.Copy(modules, opened.Tests)
	describeData(modules)
	compiler := opened.Draft.CompilerKnowing(dataSchemas(opened.Draft.Data))
	compiler.SetErrorLimit(0) // all of them
	if compiler.Compile(modules); compiler.Failed() {
		return fromError(compiler.Errors)
	}
	return checkReferences(compiler)
}

// fromRego words one error of the compiler.
func fromRego(err *ast.Error) Finding {
	found := Finding{Text: wordsFor(err)}
	if err.Location != nil {
		found.File, found.Line = err.Location.File, err.Location.Row
	}
	return found
}

func wordsFor(err *ast.Error) exchange.Text {
	if detail, ok := err.Details.(*ast.RefErrInvalidDetail); ok && detail.OneOf != nil {
		return unknownMember(detail)
	}
	if name, ok := strings.CutPrefix(err.Message, "undefined function "); ok {
		return unknownFunction(name)
	}
	message := err.Message
	if err.Details != nil {
		message += " (" + strings.Join(trimmed(err.Details.Lines()), "; ") + ")"
	}
	return exchange.Text{ZH: kindOf(err.Code) + "：" + message, EN: message}
}

func trimmed(lines []string) []string {
	var kept []string
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" && strings.Trim(line, "^") != "" {
			kept = append(kept, line)
		}
	}
	return kept
}

// unknownMember words a reference to a member that neither the input's schema nor the data has.
func unknownMember(detail *ast.RefErrInvalidDetail) exchange.Text {
	of, name := detail.Ref[:detail.Pos].String(), text(detail.Ref[detail.Pos])
	var known []string
	for _, value := range detail.OneOf {
		known = append(known, text(ast.NewTerm(value)))
	}
	return noSuch(name, of, known)
}

func noSuch(name, of string, known []string) exchange.Text {
	meant := hint(name, known)
	return exchange.Text{
		ZH: fmt.Sprintf("%s 没有成员 %q%s", of, name, meant.ZH),
		EN: fmt.Sprintf("%s has no member %q%s", of, name, meant.EN),
	}
}

// unknownFunction words a call of what is no function, or none that a policy may call.
func unknownFunction(name string) exchange.Text {
	exists := slices.ContainsFunc(ast.Builtins, func(b *ast.Builtin) bool { return b.Name == name })
	if exists {
		return exchange.Text{
			ZH: fmt.Sprintf("策略不得调用函数 %s（须为无副作用、结果只取决于参数的函数）", name),
			EN: fmt.Sprintf("undefined function %s: a policy may not call it; only functions whose result depends on their arguments alone", name),
		}
	}
	var known []string
	for _, b := range policies.Capabilities().Builtins {
		known = append(known, b.Name)
	}
	meant := hint(name, known)
	return exchange.Text{ZH: fmt.Sprintf("没有函数 %s%s", name, meant.ZH), EN: fmt.Sprintf("undefined function %s%s", name, meant.EN)}
}

// kindOf names a code of the compiler.
func kindOf(code string) string {
	switch code {
	case ast.ParseErr:
		return "语法错误"
	case ast.TypeErr:
		return "类型错误"
	case ast.UnsafeVarErr:
		return "变量未赋值"
	case ast.RecursionErr:
		return "规则循环引用"
	}
	return "编译错误"
}

func text(term *ast.Term) string {
	if s, ok := term.Value.(ast.String); ok {
		return string(s)
	}
	return term.String()
}
