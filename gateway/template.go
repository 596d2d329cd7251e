package gateway

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/specs"
)

//go:embed page
var pageFiles embed.FS

// templates are the two kinds of page.
type templates struct {
	set    *template.Template
	script string // an example call with openssl and curl
}

func parseTemplates() (*templates, error) {
	set, err := template.ParseFS(pageFiles, "page/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the page templates: %w", err)
	}
	script, err := pageFiles.ReadFile("page/call.sh")
	if err != nil {
		return nil, fmt.Errorf("read the example call: %w", err)
	}
	return &templates{set: set, script: string(script)}, nil
}

// problemPage is what the page of one problem shows.
type problemPage struct {
	Lang       locale
	Title      string
	Words      words
	Code       exchange.Code
	Status     int
	RetryAfter int
	Text       specs.ProblemText
}

func (t *templates) problem(known catalogue, code exchange.Code, l locale) ([]byte, error) {
	page := newProblemPage(known[code], code, l)
	return t.render("problem.html", page)
}

func newProblemPage(entry specs.Problem, code exchange.Code, l locale) problemPage {
	text := entry.ZH
	if l == english {
		text = entry.EN
	}
	return problemPage{l, text.Title, wordsOf(l), code, entry.Status, entry.RetryAfter, text}
}

func (t *templates) render(name string, page any) ([]byte, error) {
	var out bytes.Buffer
	if err := t.set.ExecuteTemplate(&out, name, page); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return out.Bytes(), nil
}

// words are the pages' own texts.
type words struct {
	Contract, Sign, Example, Operations, Schemas, Problems, Signed, Request string
	Status, Meaning, Content, Member, Parameter, Type, Required, Code       string
	Advice                                                                  string
}

func wordsOf(l locale) words {
	if l == english {
		return words{
			Contract: "The contract", Sign: "Signing a request", Example: "A call with openssl and curl:", Operations: "Operations",
			Schemas: "Schemas", Problems: "Problems", Signed: "signed", Request: "Request", Status: "Status", Meaning: "Meaning",
			Content: "Content", Member: "Member", Parameter: "Parameter", Type: "Type", Required: "Required", Code: "Code", Advice: "What to do",
		}
	}
	return words{
		Contract: "接口文档", Sign: "请求的签名", Example: "用 openssl 和 curl 调用：", Operations: "操作",
		Schemas: "数据结构", Problems: "错误目录", Signed: "须签名", Request: "请求", Status: "状态码", Meaning: "含义",
		Content: "内容", Member: "成员", Parameter: "参数", Type: "类型", Required: "必填", Code: "代码", Advice: "如何处理",
	}
}
