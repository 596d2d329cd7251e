package suihaoban

import (
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

const number = "11010519491231002X" // the example of GB 11643-1999, which belongs to nobody

func TestDecode(t *testing.T) {
	t.Parallel()
	failures := row.Failures{"1003": exchange.RecordNotArchived}
	for body, want := range map[string]exchange.Code{
		`{"errcode":0,"errmsg":"","data":{"sfzmhm":"` + number + `","xm":"张三"},"trace":{}}`: "",
		`{"errcode":0,"errmsg":"","data":null}`:                                             exchange.NoRecord,
		`{"errcode":1003,"errmsg":"x","data":null}`:                                         exchange.RecordNotArchived,
		`{"errcode":-1,"errmsg":"x"}`:                                                       exchange.SourceDown,
		`{"errcode":0}`:                                                                     exchange.SourceInvalid,
		`{"errcode":"0","data":null}`:                                                       exchange.SourceInvalid,
		`{"errcode":0.5,"data":null}`:                                                       exchange.SourceInvalid,
		`{"errcode":null,"data":null}`:                                                      exchange.SourceInvalid,
		`{"errcode":0,"data":[]}`:                                                           exchange.SourceInvalid,
		`{"errcode":0,"errcode":0,"data":null}`:                                             exchange.SourceInvalid,
		"{\"errcode\":0,\"data\":{\"xm\":\"\xd5\xc5\"}}":                                    exchange.SourceInvalid,
		`{"code":400001,"msg":"x"}`:                                                         exchange.SourceInvalid,
		``:                                                                                  exchange.SourceInvalid,
	} {
		if _, err := decode([]byte(body), failures); exchange.CodeOf(err) != want {
			t.Errorf("%s: error %v, want %q", body, err, want)
		}
	}
}

func TestJudgeTellsARejectionFromAFailure(t *testing.T) {
	t.Parallel()
	cases := []struct {
		status int
		body   string
		want   exchange.Code
	}{
		{200, `{"code":400001,"msg":""}`, ""},
		{500, `{"code":400001,"msg":"signature of ` + number + `"}`, exchange.SourceRefused},
		{500, `{"code":500000,"msg":"x"}`, exchange.SourceDown},
		{500, `{"code":"400001"}`, exchange.SourceDown},
		{500, `oops`, exchange.SourceDown},
		{503, `{"code":400001}`, exchange.SourceDown},
		{401, ``, exchange.SourceRefused},
		{404, ``, exchange.SourceInvalid},
	}
	for _, c := range cases {
		err := judge(outbound.Response{Status: c.status, Body: []byte(c.body)})
		if exchange.CodeOf(err) != c.want {
			t.Errorf("%d %s: error %v, want %q", c.status, c.body, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), number) {
			t.Errorf("%d: the text holds personal data", c.status)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"errcode":0,"errmsg":"","data":{"sfzmhm":"` + number + `","xm":"张三","ljjf":3}}`))
	f.Add([]byte(`{"errcode":0,"errmsg":"","data":null}`))
	f.Add([]byte(`{"errcode":1003,"errmsg":"x"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		columns, err := decode(body, nil)
		switch exchange.CodeOf(err) {
		case "":
			if columns == nil {
				t.Fatal("neither a row nor an error")
			}
		case exchange.NoRecord, exchange.SourceInvalid, exchange.SourceDown:
		default:
			t.Fatal(err)
		}
	})
}
