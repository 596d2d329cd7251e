package zheliban

import (
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

const number = "11010519491231002X" // the example of GB 11643-1999, which belongs to nobody

func TestDecodeIRS(t *testing.T) {
	t.Parallel()
	failures := row.Failures{"E30": exchange.RecordNotArchived}
	cases := []struct {
		body string
		want exchange.Code
	}{
		{`{"success":true,"errorCode":"","errorMsg":"","data":{"sfzmhm":"` + number + `","XM":"张三"}}`, ""},
		{`{"success":true,"data":{"xm":"张三"},"requestId":"7","more":{"a":[1]}}`, ""},
		{`{"success":true,"errorCode":null,"data":null}`, exchange.NoRecord},
		{`{"success":false,"errorCode":"E30","errorMsg":"未归档","data":null}`, exchange.RecordNotArchived},
		{`{"success":false,"errorCode":"E99","data":{"xm":"张三"}}`, exchange.SourceDown},
		{`{"success":false}`, exchange.SourceDown},
		{`{"success":true}`, exchange.SourceInvalid},
		{`{"success":true,"data":[]}`, exchange.SourceInvalid},
		{`{"success":true,"data":""}`, exchange.SourceInvalid},
		{`{"success":"true","data":null}`, exchange.SourceInvalid},
		{`{"success":null,"data":null}`, exchange.SourceInvalid},
		{`{"success":true,"success":true,"data":null}`, exchange.SourceInvalid},
		{`{"success":true,"data":{"xm":"张三","xm":"李四"}}`, exchange.SourceInvalid},
		{`{"success":true,"data":{"xm":["张三"]}}`, exchange.SourceInvalid},
		{"{\"success\":true,\"data\":{\"xm\":\"\xd5\xc5\"}}", exchange.SourceInvalid},
		{`{"success":true,"data":null} {}`, exchange.SourceInvalid},
		{`{"data":null}`, exchange.SourceInvalid},
		{`null`, exchange.SourceInvalid},
		{``, exchange.SourceInvalid},
		{`<html>`, exchange.SourceInvalid},
	}
	for _, c := range cases {
		if _, err := decodeIRS([]byte(c.body), failures); exchange.CodeOf(err) != c.want {
			t.Errorf("%s: error %v, want %q", c.body, err, c.want)
		}
	}
}

func TestJudgeIRS(t *testing.T) {
	t.Parallel()
	cases := []struct {
		status int
		body   string
		want   exchange.Code
		text   string
	}{
		{200, ``, "", ""},
		{401, `{"message":"Invalid access key"}`, exchange.SourceRefused, "Invalid access key"},
		{401, `{"message":"Invalid signature"}`, exchange.SourceRefused, "Invalid signature"},
		{401, `{"message":"Clock skew exceeded"}`, exchange.SourceRefused, "Clock skew"},
		{401, `{"message":"The route_id is forbidden."}`, exchange.SourceRefused, "route_id"},
		{401, `{"message":"no entry for ` + number + `"}`, exchange.SourceRefused, "known to say"},
		{401, `not JSON`, exchange.SourceRefused, "401"},
		{403, `{"message":"Invalid signature"}`, exchange.SourceRefused, "403"},
		{500, ``, exchange.SourceDown, "500"},
		{302, ``, exchange.SourceInvalid, "302"},
	}
	for _, c := range cases {
		err := judgeIRS(outbound.Response{Status: c.status, Body: []byte(c.body)})
		if exchange.CodeOf(err) != c.want {
			t.Errorf("%d %s: error %v, want %q", c.status, c.body, err, c.want)
		}
		if err != nil && (!strings.Contains(err.Error(), c.text) || strings.Contains(err.Error(), number)) {
			t.Errorf("%d %s: the text is %q", c.status, c.body, err)
		}
	}
}

func TestSharingRow(t *testing.T) {
	t.Parallel()
	person := `{"sfzmhm":"` + number + `","xm":"张三"}`
	cases := []struct {
		body string
		want exchange.Code
	}{
		{`{"code":"00","msg":"","datas":[` + person + `]}`, ""},
		{`{"code":"00","datas":` + person + `}`, ""},
		{`{"code":"00","data":[` + person + `]}`, ""},
		{`{"code":"00","data":` + person + `,"datas":null}`, ""},
		{`{"code":"00","data":"","datas":[` + person + `]}`, ""},
		{`{"code":"00","data":[` + person + `],"datas":{}}`, ""},
		{`{"code":"00","datas":[]}`, exchange.NoRecord},
		{`{"code":"00","datas":[],"data":null}`, exchange.NoRecord},
		{`{"code":"00","data":[]}`, exchange.NoRecord},
		{`{"code":"00","datas":null}`, exchange.NoRecord},
		{`{"code":"00","data":null}`, exchange.NoRecord},
		{`{"code":"00","datas":[` + person + `,` + person + `]}`, exchange.SourceInvalid},
		{`{"code":"00","datas":[` + person + `],"data":` + person + `}`, exchange.SourceInvalid},
		{`{"code":"00","datas":[1]}`, exchange.SourceInvalid},
		{`{"code":"00","datas":"[]"}`, exchange.SourceInvalid},
		{`{"code":"00"}`, exchange.SourceInvalid},
		{`{"code":0,"datas":[]}`, exchange.SourceInvalid},
		{`{"datas":[]}`, exchange.SourceInvalid},
		{`[]`, exchange.SourceInvalid},
	}
	for _, c := range cases {
		answer, err := decodeSharing([]byte(c.body))
		var columns row.Columns
		if err == nil {
			columns, err = answer.row()
		}
		if exchange.CodeOf(err) != c.want || err == nil && columns["sfzmhm"] != number {
			t.Errorf("%s: %v, error %v, want %q", c.body, columns, err, c.want)
		}
	}
}

func TestSharingSecrets(t *testing.T) {
	t.Parallel()
	for _, millis := range []string{`1648771200000`, `"1648771200000"`} {
		answer, err := decodeSharing([]byte(`{"code":"00","datas":{"refreshSecret":"r","refreshSecretEndTime":` + millis +
			`,"requestSecret":"q","requestSecretEndTime":` + millis + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		secrets, err := answer.secrets()
		if err != nil || secrets.RefreshSecret != "r" || secrets.RequestSecret != "q" || !secrets.RequestSecretEnd.Equal(time.UnixMilli(1648771200000)) {
			t.Errorf("%s: %v, error %v", millis, secrets, err)
		}
	}
	for _, datas := range []string{
		`{}`, `null`, `[]`, `{"requestSecret":"q"}`, `{"requestSecret":"","requestSecretEndTime":1}`, `{"requestSecret":"q","requestSecretEndTime":0}`,
		`{"requestSecret":"q","requestSecretEndTime":"soon"}`, `{"requestSecret":"q","requestSecretEndTime":1.5}`, `{"requestSecret":1,"requestSecretEndTime":1}`,
	} {
		answer, err := decodeSharing([]byte(`{"code":"00","datas":` + datas + `}`))
		if err == nil {
			_, err = answer.secrets()
		}
		if exchange.CodeOf(err) != exchange.SourceInvalid {
			t.Errorf("%s: error %v", datas, err)
		}
	}
}

func TestAdditionalCarriesThePurpose(t *testing.T) {
	t.Parallel()
	purpose := exchange.Purpose{
		Code: "c", Matter: "330100-A", MatterName: "驾驶证换证", Case: "办件-7", Operator: "op-1", Unit: "330100U", UnitName: "杭州市交警支队", LegalBasis: "PIPL-13-3",
	}
	cases := []struct {
		additional Additional
		want       string
	}{
		{Additional{}, `{"accesscardId":"op-1","materialName":"驾驶证换证","powerMatters":"330100-A","projectId":"办件-7",` +
			`"sponsorCode":"330100U","sponsorName":"杭州市交警支队","subPowerMatters":"330100-A"}`},
		{Additional{PowerMatters: "code", SubPowerMatters: "legalBasis", SponsorName: "operator"}, `{"accesscardId":"op-1",` +
			`"materialName":"驾驶证换证","powerMatters":"c","projectId":"办件-7","sponsorCode":"330100U","sponsorName":"op-1",` +
			`"subPowerMatters":"PIPL-13-3"}`},
	}
	for _, c := range cases {
		if got, err := c.additional.filled().encode(purpose); err != nil || got != c.want {
			t.Errorf("got %s, error %v", got, err)
		}
	}
	if _, err := (Additional{}).filled().encode(exchange.Purpose{Case: "\xff"}); exchange.CodeOf(err) != exchange.InvalidRequest {
		t.Errorf("invalid UTF-8: error %v", err)
	}
}

func FuzzDecodeIRS(f *testing.F) {
	f.Add([]byte(`{"success":true,"data":{"sfzmhm":"` + number + `","xm":"张三","ljjf":0}}`))
	f.Add([]byte(`{"success":false,"errorCode":"E30","data":null}`))
	f.Add([]byte(`{"success":true,"data":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		columns, err := decodeIRS(body, nil)
		checkDecoded(t, columns, err)
	})
}

func FuzzDecodeSharing(f *testing.F) {
	f.Add([]byte(`{"code":"00","datas":[{"sfzmhm":"` + number + `","xm":"张三"}]}`))
	f.Add([]byte(`{"code":"00","data":{"requestSecret":"q","requestSecretEndTime":"1648771200000"}}`))
	f.Add([]byte(`{"code":"14","msg":"签名错误"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		answer, err := decodeSharing(body)
		if err != nil {
			checkDecoded(t, nil, err)
			return
		}
		columns, err := answer.row()
		checkDecoded(t, columns, err)
		if secrets, err := answer.secrets(); err == nil && (secrets.RequestSecret == "" || secrets.RequestSecretEnd.IsZero()) {
			t.Fatal("half a set of secrets was accepted")
		}
	})
}

func checkDecoded(t *testing.T, columns row.Columns, err error) {
	t.Helper()
	switch exchange.CodeOf(err) {
	case "":
		if columns == nil {
			t.Fatal("neither a row nor an error")
		}
	case exchange.NoRecord, exchange.SourceInvalid, exchange.SourceDown:
	default:
		t.Fatalf("error %v", err)
	}
}
