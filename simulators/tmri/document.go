package tmri

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/soap"
)

// document is the answer inside the envelope.
type document struct {
	code, message string
	element       string // name of each row's element
	rows          []citizen.Row
}

func failure(code, message string) document { return document{code: code, message: message} }

func success(element string, rows ...citizen.Row) document {
	return document{code: codeOK, message: "数据下载成功！", element: element, rows: rows}
}

// write gives the document as UTF-8. Its declaration claims GBK, as the platform's does: a reader must not believe it.
func (d document) write() []byte {
	var text strings.Builder
	fmt.Fprintf(&text, `<?xml version="1.0" encoding="GBK"?><root><head><code>%s</code><message>%s</message><rownum>%d</rownum></head><body>`,
		soap.Escape(d.code), soap.Escape(d.message), len(d.rows))
	for number, row := range d.rows {
		fmt.Fprintf(&text, `<%s id="%s">`, d.element, strconv.Itoa(number))
		for _, field := range row {
			fmt.Fprintf(&text, "<%s>%s</%s>", field.Name, soap.Escape(field.Value), field.Name)
		}
		fmt.Fprintf(&text, "</%s>", d.element)
	}
	text.WriteString("</body></root>")
	return []byte(text.String())
}

// condition holds the fields of a QueryCondition, decoded.
type condition map[string]string

type wireQuery struct {
	XMLName   xml.Name `xml:"root"`
	Condition *struct {
		Fields []wireField `xml:",any"`
	} `xml:"QueryCondition"`
}

type wireField struct {
	XMLName xml.Name
	Text    string     `xml:",chardata"`
	Nested  []struct{} `xml:",any"`
}

// parseQuery reads <root><QueryCondition>…; values are URL-encoded UTF-8 inside the XML.
func parseQuery(text string) (condition, error) {
	decoder := xml.NewDecoder(strings.NewReader(text))
	var wire wireQuery
	if err := decoder.Decode(&wire); err != nil {
		return nil, errors.New("UTF8XmlDoc 不是合法的 XML")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) || wire.Condition == nil {
		return nil, errors.New("UTF8XmlDoc 缺少 QueryCondition")
	}
	fields := condition{}
	for _, field := range wire.Condition.Fields {
		value, err := url.QueryUnescape(strings.TrimSpace(field.Text))
		if err != nil || len(field.Nested) > 0 {
			return nil, fmt.Errorf("字段 %s 无法解码", field.XMLName.Local)
		}
		if !isASCII(field.Text) {
			return nil, fmt.Errorf("字段 %s 未做 URL 编码", field.XMLName.Local)
		}
		fields[field.XMLName.Local] = value
	}
	return fields, nil
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(character rune) bool { return character > 127 }) < 0
}
