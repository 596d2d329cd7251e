package population

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

const (
	askedNumber = "n-1"
	askedPerson = "11010519491231002X" // a published example of GB 11643, nobody's number
	marksFull   = `<GMSFHM_PPDDM>1</GMSFHM_PPDDM><XM_PPDDM>1</XM_PPDDM><SWBS>0</SWBS>`
)

func answered(document string) []byte {
	var escaped strings.Builder
	if err := xml.EscapeText(&escaped, []byte(document)); err != nil {
		panic(err)
	}
	return []byte(`<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><n:GK_GXFW_SFHCResponse xmlns:n="http://webservice.com"><out>` +
		escaped.String() + `</out></n:GK_GXFW_SFHCResponse></e:Body></e:Envelope>`)
}

func head(number, code string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><PACKAGE><PACKAGEHEAD><FFQQBH>` + number + `</FFQQBH><FHDM>` + code + `</FHDM><FHMS>张三</FHMS></PACKAGEHEAD><DATA>`
}

func record(code, person, marks string) string {
	return `<RECORD no="1" code="` + code + `" msg="张三"><GMSFHM>` + person + `</GMSFHM><XM>张三</XM>` + marks + `</RECORD>`
}

const tail = `</DATA></PACKAGE>`

func demoRegister() *register { return &register{config: Config{RequesterID: "r"}.filled()} }

func TestVerdictsFromMarks(t *testing.T) {
	t.Parallel()
	for marks, want := range map[string]exchange.IdentityVerdict{
		marksFull:                                                                                  exchange.IdentityMatches,
		strings.Replace(marksFull, "1", "0", 1):                                                    exchange.IdentityDiffers,
		strings.Replace(marksFull, ">1<", "> 1 <", 1):                                              exchange.IdentityMatches,
		strings.Replace(marksFull, "<XM_PPDDM>1", "<XM_PPDDM>0", 1):                                exchange.IdentityDiffers,
		strings.Replace(marksFull, "<SWBS>0", "<SWBS>1", 1):                                        exchange.IdentityIsDeceased,
		strings.Replace(marksFull, "<SWBS>0", "<SWBS>9", 1):                                        exchange.IdentityIsDeceased,
		strings.NewReplacer("<XM_PPDDM>1", "<XM_PPDDM>0", "<SWBS>0", "<SWBS>1").Replace(marksFull): exchange.IdentityDiffers,
	} {
		body := answered(head(askedNumber, "11") + record("", askedPerson, marks) + tail)
		if got, err := demoRegister().readVerdict(body, askedNumber, askedPerson); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", marks, got, err, want)
		}
	}
	body := answered(head(askedNumber, "10") + record("1", askedPerson, "") + tail)
	if got, err := demoRegister().readVerdict(body, askedNumber, askedPerson); err != nil || got != exchange.IdentityNoRecord {
		t.Errorf("nobody: %q, %v", got, err)
	}
}

func TestAnswersThatAreNoVerdict(t *testing.T) {
	t.Parallel()
	good := record("", askedPerson, marksFull)
	for name, c := range map[string]struct {
		document string
		want     exchange.Code
	}{
		"wrong password":      {head(askedNumber, "00") + tail, exchange.SourceRefused},
		"other failure":       {head(askedNumber, "99") + good + tail, exchange.SourceDown},
		"no code":             {head(askedNumber, "") + good + tail, exchange.SourceDown},
		"another request's":   {head("n-2", "10") + good + tail, exchange.SourceInvalid},
		"another person's":    {head(askedNumber, "10") + record("", "110105194912310038", marksFull) + tail, exchange.SourceInvalid},
		"no record":           {head(askedNumber, "10") + tail, exchange.SourceInvalid},
		"two records":         {head(askedNumber, "10") + good + good + tail, exchange.SourceInvalid},
		"no marks":            {head(askedNumber, "10") + record("", askedPerson, "<SWBS>0</SWBS>") + tail, exchange.SourceInvalid},
		"unknown mark":        {head(askedNumber, "10") + record("", askedPerson, strings.Replace(marksFull, "1", "2", 1)) + tail, exchange.SourceInvalid},
		"not told if alive":   {head(askedNumber, "10") + record("", askedPerson, strings.Replace(marksFull, "<SWBS>0", "<SWBS>", 1)) + tail, exchange.SourceInvalid},
		"record with failure": {head(askedNumber, "10") + record("7", askedPerson, marksFull) + tail, exchange.SourceDown},
		"no document":         {"张三", exchange.SourceInvalid},
		"document type":       {"<!DOCTYPE PACKAGE>" + head(askedNumber, "10") + good + tail, exchange.SourceInvalid},
	} {
		_, err := demoRegister().readVerdict(answered(c.document), askedNumber, askedPerson)
		if exchange.CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
		if err != nil && (strings.Contains(err.Error(), "张三") || strings.Contains(err.Error(), askedPerson)) {
			t.Errorf("%s: the error quotes the answer", name)
		}
	}
}

// FuzzVerdict wants a verdict for whole answers only: one that was asked for, about the person that was asked for.
func FuzzVerdict(f *testing.F) {
	f.Add(head(askedNumber, "10") + record("", askedPerson, marksFull) + tail)
	f.Add(head(askedNumber, "10") + record("1", askedPerson, "") + tail)
	f.Fuzz(func(t *testing.T, document string) {
		verdict, err := demoRegister().readVerdict(answered(document), askedNumber, askedPerson)
		if (err == nil) == (verdict == "") || exchange.CodeOf(err) == exchange.Internal {
			t.Fatalf("%q, %v", verdict, err)
		}
		if err == nil && !strings.Contains(document, askedNumber) {
			t.Fatal("a verdict on another request")
		}
	})
}
