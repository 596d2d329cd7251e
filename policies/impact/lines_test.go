package impact_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/zhengqiao/zhengqiao/policies/impact"
)

func TestAnExportIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	engine := inForce(t)
	rapid.Check(t, func(t *rapid.T) {
		records := &book{}
		_, _ = broker(engine, records).Query(t.Context(), drawQuery(t, 1))
		in := records.inputs(t)[0]
		line, err := impact.Encode(nil, in)
		if err != nil {
			t.Fatal(err)
		}
		var read []*impact.Input
		err = impact.Read(bytes.NewReader(append(line, '\n')), func(in *impact.Input) error { read = append(read, in); return nil })
		if err != nil || len(read) != 1 || !reflect.DeepEqual(read[0].Request(), in.Request()) {
			t.Fatalf("%v: %+v became %+v", err, in, read)
		}
	})
}

func TestWhatIsNoExportIsRefused(t *testing.T) {
	t.Parallel()
	good := `{"id":"a","at":"2026-11-24T04:00:00Z","operation":"licence.query","platform":"suishenban","region":"310000"}`
	for name, test := range map[string]struct{ text, want string }{
		"no JSON":           {"hello", "line 1"},
		"second line":       {good + "\nhello", "line 2"},
		"unknown member":    {strings.Replace(good, "region", "religion", 1), "religion"},
		"two in a line":     {good + good, "more than one"},
		"no id":             {`{"at":"2026-11-24T04:00:00Z"}`, "id, at"},
		"unknown operation": {strings.Replace(good, "licence.query", "licence.delete", 1), "licence.delete"},
		"endless line":      {strings.Repeat("a", 70<<10), "line 1"},
	} {
		err := impact.Read(strings.NewReader(test.text), func(*impact.Input) error { return nil })
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"id":"a","at":"2026-11-24T04:00:00Z","operation":"licence.query","platform":"suishenban","wanted":["status"],"maxAge":1}`))
	f.Add([]byte("{}\n\n[]"))
	engine := inForce(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		_ = impact.Read(bytes.NewReader(text), func(in *impact.Input) error {
			replay := impact.New(engine, engine)
			if err := replay.Add(t.Context(), in); err != nil {
				t.Fatal(err)
			}
			if report := replay.Report(); len(report.Changes) > 0 {
				t.Errorf("%+v", report)
			}
			_, err := impact.Encode(nil, in)
			return err
		})
	})
}
