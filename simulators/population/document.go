package population

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/soap"
)

// request is the document in in0.
type request struct {
	XMLName xml.Name `xml:"PACKAGE"`
	Head    head     `xml:"PACKAGEHEAD"`
	Records []record `xml:"DATA>RECORD"`
}

// head names the request, and the person and the case behind it. Every field must be filled: they are the audit trail.
type head struct {
	Number   string `xml:"FWQQBH"` // request number
	Sender   string `xml:"QQBWDM"` // code of the requesting system
	Title    string `xml:"QQBWMC"`
	Source   string `xml:"SJLYXTDM"`
	SourceOf string `xml:"SJLYXTMC"`
	Count    string `xml:"JLS"`  // number of records
	Sent     string `xml:"FSSJ"` // yyyyMMddHHmmss, Asia/Shanghai

	PersonID   string `xml:"QQRGMSFHM"` // who asks
	PersonName string `xml:"QQRXM"`
	UnitCode   string `xml:"QQRDWDM"`
	UnitName   string `xml:"QQRDWMC"`
	CaseCode   string `xml:"QQYWLXDM"` // for what
	CaseName   string `xml:"QQYWLXMC"`
	SystemCode string `xml:"QQYWXTDM"` // through which system
	SystemName string `xml:"QQYWXTMC"`
}

type record struct {
	No       string `xml:"no,attr"`
	IDNumber string `xml:"GMSFHM"`
	Name     string `xml:"XM"`
}

// parseRequest reads in0 and refuses a head with an empty field, a wrong count or a time that is none.
func parseRequest(text string) (request, error) {
	var wanted request
	if err := xml.Unmarshal([]byte(text), &wanted); err != nil {
		return request{}, errors.New("请求报文不是合法的 XML")
	}
	if name := wanted.Head.missing(); name != "" {
		return wanted, errors.New("请求头缺少 " + name)
	}
	if wanted.Head.Count != strconv.Itoa(len(wanted.Records)) || len(wanted.Records) == 0 {
		return wanted, errors.New("记录数与 JLS 不符")
	}
	if _, err := time.ParseInLocation("20060102150405", wanted.Head.Sent, citizen.Zone()); err != nil {
		return wanted, errors.New("FSSJ 格式错误")
	}
	return wanted, nil
}

func (h head) missing() string {
	for _, field := range []struct{ name, value string }{
		{"FWQQBH", h.Number}, {"QQBWDM", h.Sender}, {"QQBWMC", h.Title}, {"SJLYXTDM", h.Source}, {"SJLYXTMC", h.SourceOf},
		{"QQRGMSFHM", h.PersonID}, {"QQRXM", h.PersonName}, {"QQRDWDM", h.UnitCode}, {"QQRDWMC", h.UnitName},
		{"QQYWLXDM", h.CaseCode}, {"QQYWLXMC", h.CaseName}, {"QQYWXTDM", h.SystemCode}, {"QQYWXTMC", h.SystemName},
	} {
		if strings.TrimSpace(field.value) == "" {
			return field.name
		}
	}
	return ""
}

// answer is the document that goes back.
type answer struct {
	request       string // FWQQBH of the request, returned as FFQQBH
	sent          time.Time
	code, message string
	records       []result
}

type result struct {
	record
	code, message              string // empty: the record was answered
	found, deceased            bool
	numberMatches, nameMatches bool
}

func (a answer) write() []byte {
	var text strings.Builder
	fmt.Fprintf(&text, `<?xml version="1.0" encoding="UTF-8"?><PACKAGE><PACKAGEHEAD><FFQQBH>%s</FFQQBH><FSSJ>%s</FSSJ><FHDM>%s</FHDM><FHMS>%s</FHMS></PACKAGEHEAD><DATA>`,
		soap.Escape(a.request), a.sent.In(citizen.Zone()).Format("20060102150405"), soap.Escape(a.code), soap.Escape(a.message))
	for _, each := range a.records {
		each.write(&text)
	}
	text.WriteString("</DATA></PACKAGE>")
	return []byte(text.String())
}

func (r result) write(text *strings.Builder) {
	fmt.Fprintf(text, `<RECORD no="%s" code="%s" msg="%s"><GMSFHM>%s</GMSFHM><XM>%s</XM>`,
		soap.Escape(r.No), r.code, r.message, soap.Escape(r.IDNumber), soap.Escape(r.Name))
	if r.found {
		fmt.Fprintf(text, `<GMSFHM_PPDDM>%s</GMSFHM_PPDDM><XM_PPDDM>%s</XM_PPDDM><SWBS>%s</SWBS>`,
			mark(r.numberMatches), mark(r.nameMatches), mark(r.deceased))
	}
	text.WriteString("</RECORD>")
}

// mark writes 1 for yes and 0 for no, as all three marks count.
func mark(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}
