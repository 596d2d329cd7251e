package population

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func demoRequest(t *testing.T, operator string) exchange.SourceRequest {
	t.Helper()
	number, err := exchange.ParseIDNumber(askedPerson, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return exchange.SourceRequest{
		Subject: exchange.Subject{Name: "张<三>", IDNumber: number},
		Purpose: exchange.Purpose{Code: "licence-check", Operator: operator, Unit: "310000000400"},
	}
}

// The register's audit trail tells who asked: the citizen who acts alone, or the person who answers for the operators. A field
// that the purpose leaves open is filled from one party, code and name together, and none is empty.
func TestHeadOfARequest(t *testing.T) {
	t.Parallel()
	r := demoRegister()
	r.responsible = asker{"110105194912310038", "责任人"}
	for operator, want := range map[string]string{"self": askedPerson + " 张&lt;三&gt;", "OPERATOR-7": "110105194912310038 责任人"} {
		request := demoRequest(t, operator)
		who, err := r.asker(request)
		if err != nil {
			t.Fatal(err)
		}
		document := r.document("n-1", who, request, time.UnixMilli(1648771200000))
		for _, field := range []string{
			"FWQQBH>n-1<", "JLS>1<", "FSSJ>20220401080000<", "QQBWDM>GJXXZX<", "QQRDWDM>310000000400<", "QQRDWMC>310000000400<",
			"QQYWLXDM>licence-check<", "QQYWXTMC>政桥<", "<RECORD no=\"1\"><GMSFHM>" + askedPerson + "<", "XM>张&lt;三&gt;<",
			"QQRGMSFHM>" + strings.Fields(want)[0] + "<", "QQRXM>" + strings.Fields(want)[1] + "<",
		} {
			if !strings.Contains(document, field) {
				t.Errorf("operator %s: %s is not in %s", operator, field, document)
			}
		}
		if empty := regexp.MustCompile(`<(\w+)></`).FindString(document); empty != "" {
			t.Errorf("operator %s: empty field %s", operator, empty)
		}
	}
}

func TestNobodyIsNamedInPlaceOfTheOperator(t *testing.T) {
	t.Parallel()
	if who, err := demoRegister().asker(demoRequest(t, "OPERATOR-7")); exchange.CodeOf(err) != exchange.SourceRefused {
		t.Errorf("got %+v, %v", who, err)
	}
}
