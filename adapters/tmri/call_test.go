package tmri

import (
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func demoCall(port, operation string) call {
	config := Config{
		Port: port, Operation: operation, Scene: "CJ",
		Audit: Audit{Unit: "U0", UnitName: "默认单位", User: "Y0", UserName: "默认用户", Terminal: "10.0.0.9"},
	}
	config = config.filled()
	return call{
		config: &config, serial: "7F1C", asked: Interface{ID: "02C06"},
		purpose: exchange.Purpose{Operator: "OP", Unit: "U1", UnitName: "<受理>&中心"},
		query:   []condition{{"hphm", "沪A 1+2"}},
	}
}

// The order is what the platform goes by, and in the longest operation the unit's code and name change places.
func TestArgumentsInTheirOrder(t *testing.T) {
	t.Parallel()
	const doc = `&lt;?xml version=&#34;1.0&#34; encoding=&#34;utf-8&#34;?&gt;&lt;root&gt;&lt;QueryCondition&gt;&lt;hphm&gt;%E6%B2%AAA+1%2B2&lt;/hphm&gt;&lt;/QueryCondition&gt;&lt;/root&gt;`
	arguments := map[string]string{
		PortOld + " " + query:    "xtlb=02 jkxlh=7F1C jkid=02C06 UTF8XmlDoc=" + doc,
		PortNew + " " + query:    "xtlb=02 jkxlh=7F1C jkid=02C06 yhbz=OP dwmc=&lt;受理&gt;&amp;中心 dwjgdm=U1 yhxm=OP zdbs=10.0.0.9 UTF8XmlDoc=" + doc,
		PortNew + " " + queryNew: "xtlb=02 jkxlh=7F1C jkid=02C06 cjsqbh=CJ dwjgdm=U1 dwmc=&lt;受理&gt;&amp;中心 yhbz=OP yhxm=OP zdbs=10.0.0.9 UTF8XmlDoc=" + doc,
	}
	for name, list := range arguments {
		port, operation, _ := strings.Cut(name, " ")
		var want strings.Builder
		want.WriteString(`<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"` +
			` xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><op:` + operation +
			` soapenv:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" xmlns:op="http://endpoint.axis.framework.tmri.com">`)
		for _, argument := range strings.SplitN(list, " ", strings.Count(list[:strings.Index(list, "UTF8XmlDoc")], " ")+1) {
			key, value, _ := strings.Cut(argument, "=")
			want.WriteString("<" + key + ` xsi:type="xsd:string">` + value + "</" + key + ">")
		}
		want.WriteString(`</op:` + operation + `></soapenv:Body></soapenv:Envelope>`)
		call := demoCall(port, operation)
		if got := string(call.envelope()); got != want.String() {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, want.String())
		}
	}
}

// A citizen who acts alone has no account, and a purpose without a unit has no name of one either.
func TestAuditFieldsOfASelfService(t *testing.T) {
	t.Parallel()
	for _, operator := range []string{"self", ""} {
		call := demoCall(PortNew, queryNew)
		call.purpose = exchange.Purpose{Operator: operator, UnitName: "无码单位"}
		for name, want := range map[string]string{"yhbz": "Y0", "yhxm": "默认用户", "dwjgdm": "U0", "dwmc": "默认单位"} {
			if got := call.value(name); got != want {
				t.Errorf("operator %q: %s is %q, want %q", operator, name, got, want)
			}
		}
	}
}

// WCF finds the operation by the action and the arguments by their namespace.
func TestCallOfTheLookAlike(t *testing.T) {
	t.Parallel()
	call := demoCall(PortOld, query)
	config := Config{Port: PortOld, Front: FrontWCF}.filled()
	call.config = &config
	if action := call.config.operation().Header().Get("SOAPAction"); action != `"http://tempuri.org/ITmriOutAccess/queryObjectOut"` {
		t.Errorf("action %s", action)
	}
	want := `<op:queryObjectOut xmlns:op="http://tempuri.org/"><op:xtlb>02</op:xtlb><op:jkxlh>7F1C</op:jkxlh><op:jkid>02C06</op:jkid><op:UTF8XmlDoc>`
	if got := string(call.envelope()); !strings.Contains(got, want) {
		t.Errorf("%s is not in %s", want, got)
	}
}
