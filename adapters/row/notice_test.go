package row_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

var happened = time.Date(2026, 11, 24, 9, 0, 0, 0, exchange.Shanghai())

func sample(t testing.TB) exchange.Notice {
	t.Helper()
	number, err := exchange.ParseIDNumber("11010519491231002X", happened)
	if err != nil {
		t.Fatal(err)
	}
	return adaptertest.Sample(exchange.Subject{Name: "沈嘉宁", IDNumber: number, FileNumber: "310100000001"}, happened)
}

func TestNoticeOf(t *testing.T) {
	t.Parallel()
	written, err := row.NoticeOf(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(written, json.Deterministic(true))
	want := `{"jszbs":"6f1d0c9a5b7e","bbh":7,"sfzmhm":"11010519491231002X","bgsj":"2026-11-24 09:00:00",` +
		`"bgsx":[{"lx":"status.added","zt":"D"},{"lx":"status.removed","zt":"A"},{"lx":"replaced"}],` +
		`"sj":{"bzcs":"1","fzrq":"2026-11-24","ljjf":"12","qfrq":"2027-03-14","sfcq":"2","sfkjs":"no","yxqz":"2030-06-30","yxzt":"valid",` +
		`"zjcx":"A2C1","zt":"BDJ","zxbh":"3101********0042"},"tmzd":["zxbh"]}`
	if err != nil || string(text) != want {
		t.Errorf("got  %s, error %v\nwant %s", text, err, want)
	}
}

// TestEveryFieldHasAColumn: a field that is synchronised one day must get its column, or notices would fail with it.
func TestEveryFieldHasAColumn(t *testing.T) {
	t.Parallel()
	columns := map[string]bool{}
	for _, field := range exchange.Fields(exchange.ChangeDelivery) {
		written, err := row.NoticeOf(exchange.Notice{Fields: exchange.Disclosed{{Name: field, Value: "*", Masked: true}}})
		if err != nil || len(written.Columns) != 1 || !slices.Equal(written.Masked, slices.Collect(maps.Keys(written.Columns))) {
			t.Errorf("%s: %+v, error %v", field, written, err)
		}
		for column := range written.Columns {
			if columns[column] {
				t.Errorf("two fields have the column %s", column)
			}
			columns[column] = true
		}
	}
}

// TestAHiddenChangeHasNoTime: without an event that the platform may see, the time of a change would tell of a hidden one.
func TestAHiddenChangeHasNoTime(t *testing.T) {
	t.Parallel()
	notice := sample(t)
	notice.Events = nil
	if written, err := row.NoticeOf(notice); err != nil || written.Changed != "" || written.Events == nil {
		t.Errorf("got %+v, error %v", written, err)
	}
}

func TestNoticeOfRefuses(t *testing.T) {
	t.Parallel()
	for name, field := range map[string]exchange.DisclosedField{
		"a field that is not synchronised": {Name: "phone", Value: "13800000000"},
		"a value of no known kind":         {Name: "points", Value: 1.5},
		"no value":                         {Name: "points"},
	} {
		if _, err := row.NoticeOf(exchange.Notice{Fields: exchange.Disclosed{field}}); exchange.CodeOf(err) != exchange.Internal {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	notice := row.Notice{Columns: map[string]string{"zt": "A", "ljjf": "3"}, Version: 7}
	// printf 'ljjf=3\nzt=A\n' | sha256sum
	if got := notice.Digest(); got != "24fc997b1f740decad1a3e7e749b098193bfbd818ad7fd7d61c26e6a79d54e22" {
		t.Errorf("got %s", got)
	}
}

func TestReadReceipt(t *testing.T) {
	t.Parallel()
	notice := exchange.Notice{Licence: "a", Version: 7}
	for text, want := range map[string]exchange.Code{
		`{"jszbs":"a","bbh":7}`:           "",
		`{"jszbs":"a","bbh":8,"more":{}}`: "", // it has a newer one
		`{"jszbs":"a","bbh":6}`:           exchange.SourceInvalid,
		`{"jszbs":"b","bbh":7}`:           exchange.SourceInvalid,
		`{"jszbs":"a"}`:                   exchange.SourceInvalid,
		`{"bbh":7}`:                       exchange.SourceInvalid,
		`{"jszbs":"a","bbh":"7"}`:         exchange.SourceInvalid,
		`{"jszbs":"a","bbh":-7}`:          exchange.SourceInvalid,
		`{"jszbs":"a","bbh":7,"bbh":7}`:   exchange.SourceInvalid,
		`null`:                            exchange.SourceInvalid,
		``:                                exchange.SourceInvalid,
		`{"jszbs":"a","bbh":7.5}`:         exchange.SourceInvalid,
		`{"jszbs":"a","bbh":99999999999999999999}`: exchange.SourceInvalid,
	} {
		if err := row.ReadReceipt([]byte(text), notice); exchange.CodeOf(err) != want {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
	}
}

func TestReadHoldings(t *testing.T) {
	t.Parallel()
	got, err := row.ReadHoldings([]byte(`[{"jszbs":"b","bbh":7,"zy":"ab"},{"jszbs":"c","bbh":1,"zy":"cd"}]`), "a", 2)
	if err != nil || !slices.Equal(got, []exchange.Holding{{Licence: "b", Version: 7, Digest: "ab"}, {Licence: "c", Version: 1, Digest: "cd"}}) {
		t.Errorf("got %+v, error %v", got, err)
	}
	for name, text := range map[string]string{
		"not after":   `[{"jszbs":"a","bbh":7}]`,
		"in disorder": `[{"jszbs":"c","bbh":7},{"jszbs":"b","bbh":7}]`,
		"twice":       `[{"jszbs":"b","bbh":7},{"jszbs":"b","bbh":7}]`,
		"too many":    `[{"jszbs":"b"},{"jszbs":"c"},{"jszbs":"d"}]`,
		"no list":     `{"jszbs":"b"}`,
		"null":        `null`,
		"nothing":     ``,
	} {
		if _, err := row.ReadHoldings([]byte(text), "a", 2); exchange.CodeOf(err) != exchange.SourceInvalid {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func FuzzReadReceipt(f *testing.F) {
	f.Add([]byte(`{"jszbs":"a","bbh":7}`))
	f.Add([]byte(`[{"jszbs":"b","bbh":7,"zy":"ab"}]`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := row.ReadReceipt(text, exchange.Notice{Licence: "a", Version: 7}); err != nil && exchange.CodeOf(err) != exchange.SourceInvalid {
			t.Fatalf("error %v", err)
		}
		after := ""
		holdings, err := row.ReadHoldings(text, after, 10)
		if err != nil {
			return
		}
		for _, held := range holdings {
			if held.Licence <= after {
				t.Fatalf("%q is not after %q", held.Licence, after)
			}
			after = held.Licence
		}
	})
}

func BenchmarkNoticeOf(b *testing.B) {
	notice := sample(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := row.NoticeOf(notice); err != nil {
			b.Fatal(err)
		}
	}
}
