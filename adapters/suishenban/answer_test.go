package suishenban

import (
	"testing"

	"github.com/go-json-experiment/json"
	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const number = "11010519491231002X" // the example of GB 11643-1999, which belongs to nobody

func TestQuestionsCarryThePurpose(t *testing.T) {
	t.Parallel()
	p := purposeOf(exchange.Purpose{
		Code: "c", Matter: "310100-A", MatterName: "驾驶证换证", Case: "case-7", Operator: "op-1", Unit: "u", UnitName: "上海市交警总队",
	}, "session-1")
	const shared = `"sessionId":"session-1","orgName":"上海市交警总队","username":"op-1","itemName":"驾驶证换证",` +
		`"itemCode":"310100-A","businessCode":"case-7"`
	cases := []struct {
		question any
		want     string
	}{
		{existenceQuestion{p, holderCitizen, number, "张三", "310105109000999"}, `{` + shared +
			`,"holderType":"居民身份证","holderCode":"` + number + `","holderName":"张三","catMainCode":"310105109000999"}`},
		{dataQuestion{p, "uuid-1"}, `{` + shared + `,"certUuid":"uuid-1"}`},
		{loginQuestion{"account", "secret"}, `{"account":"account","password":"secret"}`},
	}
	for _, c := range cases {
		if got, err := json.Marshal(c.question); err != nil || string(got) != c.want {
			t.Errorf("got %s, error %v\nwant %s", got, err, c.want)
		}
	}
}

func TestDecodeAnswer(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]exchange.Code{
		`{"success":true,"errorCode":"","errorMsg":"","data":{"x":1},"extra":[]}`: "",
		`{"success":false,"errorCode":"SESSION_INVALID"}`:                         "",
		`{"success":1,"data":null}`:                                               exchange.SourceInvalid,
		`{"data":{}}`:                                                             exchange.SourceInvalid,
		`{"success":true,"success":false}`:                                        exchange.SourceInvalid,
		`{"success":false,"errorCode":7}`:                                         exchange.SourceInvalid,
		"{\"success\":false,\"errorMsg\":\"\xd5\xc5\"}":                           exchange.SourceInvalid,
		`null`: exchange.SourceInvalid,
		``:     exchange.SourceInvalid,
	} {
		if _, err := decodeAnswer([]byte(body)); exchange.CodeOf(err) != want {
			t.Errorf("%s: error %v, want %q", body, err, want)
		}
	}
}

func TestCertificate(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]exchange.Code{
		`{"exist":true,"certUuid":"uuid-1"}`: "",
		`{"exist":false}`:                    exchange.NoRecord,
		`{"exist":false,"certUuid":null}`:    exchange.NoRecord,
		`{"exist":true}`:                     exchange.SourceInvalid,
		`{"certUuid":"uuid-1"}`:              exchange.SourceInvalid,
		`{"exist":"true","certUuid":"u"}`:    exchange.SourceInvalid,
		`null`:                               exchange.SourceInvalid,
		``:                                   exchange.SourceInvalid,
	} {
		if uuid, err := (answer{Data: []byte(data)}).certificate(); exchange.CodeOf(err) != want || err == nil && uuid != "uuid-1" {
			t.Errorf("%s: %q, error %v, want %q", data, uuid, err, want)
		}
	}
}

func TestSession(t *testing.T) {
	t.Parallel()
	if session, err := (answer{Data: []byte(`{"sessionId":"s"}`)}).session(); err != nil || session != "s" {
		t.Errorf("got %q, error %v", session, err)
	}
	for _, data := range []string{`{}`, `{"sessionId":""}`, `{"sessionId":1}`, `null`, ``, `"s"`} {
		if _, err := (answer{Data: []byte(data)}).session(); exchange.CodeOf(err) != exchange.SourceInvalid {
			t.Errorf("%s: error %v", data, err)
		}
	}
}

func TestRowTakesFaceDataForMissingColumns(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, data string
		longTerm   bool
		until      string
	}{
		{"columns only", `{"SFZMHM":"` + number + `","XM":"张三","YXQZ":"2030-01-01"}`, false, "2030-01-01"},
		{"face only", `{"HOLDERCODE":"` + number + `","HOLDERNAME":"张三","VALIDENDDAY":"2030-01-01"}`, false, "2030-01-01"},
		{"long term", `{"HOLDERCODE":"` + number + `","HOLDERNAME":"张三","VALIDENDDAY":"长期"}`, true, ""},
		{"long term, column empty", `{"SFZMHM":"` + number + `","XM":"张三","YXQZ":"","VALIDENDDAY":"长期"}`, true, ""},
		{"long term in both", `{"SFZMHM":"` + number + `","XM":"张三","YXQZ":"9999-12-31","VALIDENDDAY":"长期"}`, true, ""},
		{"the column counts", `{"SFZMHM":"` + number + `","XM":"张三","YXQZ":"2030-01-01","VALIDENDDAY":"2031-01-01"}`, false, "2030-01-01"},
	}
	for _, c := range cases {
		columns, err := (answer{Data: []byte(c.data)}).row()
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		licence, err := row.Licence(columns)
		if err != nil || licence.IDNumber != number || licence.Name != "张三" || licence.LongTerm != c.longTerm || licence.ValidUntil.String() != c.until {
			t.Errorf("%s: %v until %v, error %v", c.name, licence.LongTerm, licence.ValidUntil, err)
		}
	}
}

func TestRowRefusesTwoPersons(t *testing.T) {
	t.Parallel()
	_, err := (answer{Data: []byte(`{"HOLDERCODE":"` + number + `","SFZMHM":"440102198001010017"}`)}).row()
	if exchange.CodeOf(err) != exchange.SourceInvalid {
		t.Errorf("error %v", err)
	}
	if _, err := (answer{Data: []byte(`null`)}).row(); exchange.CodeOf(err) != exchange.NoRecord {
		t.Errorf("error %v", err)
	}
}

func FuzzDecodeAnswer(f *testing.F) {
	f.Add([]byte(`{"success":true,"data":{"sessionId":"s"}}`))
	f.Add([]byte(`{"success":true,"data":{"exist":true,"certUuid":"u"}}`))
	f.Add([]byte(`{"success":true,"data":{"HOLDERCODE":"` + number + `","VALIDENDDAY":"长期","LJJF":0}}`))
	f.Add([]byte(`{"success":false,"errorCode":"SESSION_INVALID"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := decodeAnswer(body)
		if err != nil {
			if exchange.CodeOf(err) != exchange.SourceInvalid {
				t.Fatal(err)
			}
			return
		}
		if session, err := a.session(); err == nil && session == "" {
			t.Fatal("an empty session was accepted")
		}
		if uuid, err := a.certificate(); err == nil && uuid == "" {
			t.Fatal("a certificate without a name was accepted")
		}
		if columns, err := a.row(); err == nil && columns == nil {
			t.Fatal("neither a row nor an error")
		}
	})
}
