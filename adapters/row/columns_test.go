package row_test

import (
	"maps"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestColumnsFromJSON(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text string
		want row.Columns
	}{
		{`{"sfzmhm":"1","LJJF":12,"zt":null}`, row.Columns{"sfzmhm": "1", "ljjf": "12"}},
		{`{"xm":"张\u4e09","extra":{"a":[1]},"flag":true}`, row.Columns{"xm": "张三"}},
		{`{}`, row.Columns{}},
	}
	for _, c := range cases {
		var got row.Columns
		if err := json.Unmarshal([]byte(c.text), &got); err != nil || !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, error %v", c.text, got, err)
		}
	}
}

func TestColumnsRefusesWhatIsNoRow(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`[]`, `"xm"`, `{"xm":"张三","xm":"李四"}`, `{"xm":"张三","XM":"李四"}`, `{"ljjf":true}`, `{"zt":["A"]}`, `{"xm":{}}`,
		"{\"xm\":\"\xff\"}", `{"xm":"\ud800"}`,
	} {
		columns := row.Columns{"kept": "1"}
		if err := json.Unmarshal([]byte(text), &columns); err == nil {
			t.Errorf("%q was read as %v", text, columns)
		}
	}
}

func TestFromJSONKeepsTheOutcomesApart(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]exchange.Code{
		`null`: exchange.NoRecord, ` null `: exchange.NoRecord, `{"xm":"张三"}`: "", ``: exchange.SourceInvalid,
		`[]`: exchange.SourceInvalid, `false`: exchange.SourceInvalid, `nulL`: exchange.SourceInvalid, `{"xm":`: exchange.SourceInvalid,
	} {
		if _, err := row.FromJSON([]byte(text)); exchange.CodeOf(err) != want {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

func FuzzLicence(f *testing.F) {
	f.Add([]byte(`{"sfzmhm":"11010519491231002X","xm":"张三","zjcx":"A2D","zt":"BDJ","ljjf":"3","yxqz":"9999-12-31"}`))
	f.Add([]byte(`{"SFZMHM":"11010519491231002x","XM":"张三","LJJF":12,"GXSJ":"2026-11-20 08:30:00.0","cd_time":"2026-11-24 03:00:00"}`))
	f.Add([]byte(`{"sfzmhm":"1","xm":"2","yxqz":"2026-02-30","ljjf":-1}`))
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text []byte) {
		var columns row.Columns
		if json.Unmarshal(text, &columns) != nil {
			return
		}
		licence, err := row.Licence(columns)
		if code := exchange.CodeOf(err); code != "" && code != exchange.SourceInvalid {
			t.Fatalf("code %q", code)
		}
		if err == nil && (licence.IDNumber == "" || licence.Name == "" || licence.Points != nil && *licence.Points < 0) {
			t.Fatal("a licence without its person or with negative points")
		}
		if asOf, err := row.AsOf(columns, now, time.Hour); err == nil && asOf.IsZero() {
			t.Fatal("a row without an age")
		}
	})
}

func BenchmarkFromJSON(b *testing.B) {
	b.ReportAllocs()
	text, err := json.Marshal(columns())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := row.FromJSON(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLicence(b *testing.B) {
	b.ReportAllocs()
	read := columns()
	for b.Loop() {
		if _, err := row.Licence(read); err != nil {
			b.Fatal(err)
		}
	}
}
