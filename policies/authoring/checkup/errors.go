package checkup

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// fromError takes an error apart that may be many.
func fromError(err error) []Finding {
	if compiled, ok := errors.AsType[ast.Errors](err); ok && !isJoined(err) {
		var findings []Finding
		for _, one := range compiled {
			findings = append(findings, fromRego(one))
		}
		return findings
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var findings []Finding
		for _, one := range joined.Unwrap() {
			findings = append(findings, fromError(one)...)
		}
		return findings
	}
	return []Finding{fromText(err.Error())}
}

func isJoined(err error) bool {
	_, joined := err.(interface{ Unwrap() []error })
	return joined
}

// placed is how errors say where something is written: file:line: what.
func placed() *regexp.Regexp {
	return regexp.MustCompile(`^([\w./-]+\.(?:rego|yaml|json))(?::(\d+))?(?::\d+)?: (?s:(.*))$`)
}

// fromText finds the place in an error's own words.
func fromText(message string) Finding {
	message = strings.TrimPrefix(message, "policies: ")
	found := Finding{File: ".", Text: exchange.Text{ZH: "策略不可用：" + message, EN: message}}
	if parts := placed().FindStringSubmatch(message); parts != nil {
		found.File = parts[1]
		found.Line, _ = strconv.Atoi(parts[2])
		found.Text = exchange.Text{ZH: "有误：" + parts[3], EN: parts[3]}
	}
	return found
}
