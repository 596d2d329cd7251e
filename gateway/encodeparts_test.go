package gateway

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/zhengqiao/zhengqiao/exchange"
	"pgregory.net/rapid"
)

// Whatever the parts of an answer say, in all members that they have or will have, is written as the library would write it.
func TestPartsAreWrittenAsByTheLibrary(t *testing.T) {
	t.Parallel()
	t.Run("withheld", func(t *testing.T) { asByTheLibrary(t, (*writer).withheld) })
	t.Run("state", func(t *testing.T) { asByTheLibrary(t, (*writer).state) })
	t.Run("provenance", func(t *testing.T) { asByTheLibrary(t, (*writer).provenance) })
	t.Run("receipt", func(t *testing.T) { asByTheLibrary(t, (*writer).receipt) })
	t.Run("int", func(t *testing.T) { asByTheLibrary(t, func(w *writer, n *int) { w.value(*n) }) })
	t.Run("class", func(t *testing.T) {
		asByTheLibrary(t, func(w *writer, one *exchange.Class) { w.value([]exchange.Class{*one, *one}) }, "[", "]")
	})
}

func FuzzQuote(f *testing.F) {
	for _, text := range []string{"", "plain", "驾驶证", `"`, `\`, "<&>", "\x00", "\x7f", "\xff", "\ufffd", "\u2028"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, wantErr := jsontext.AppendQuote(nil, text)
		w := &writer{}
		if w.quote(text); (w.err == nil) != (wantErr == nil) || w.err == nil && string(w.text) != string(want) {
			t.Errorf("%s, %v, the library says %s, %v", w.text, w.err, want, wantErr)
		}
	})
}

// asByTheLibrary fills a part over and over; around, if given, stands before and behind two of it.
func asByTheLibrary[T any](t *testing.T, write func(*writer, *T), around ...string) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var part T
		fill(t, reflect.ValueOf(&part).Elem())
		want, wantErr := json.Marshal(part)
		if around != nil {
			want = fmt.Appendf(nil, "%s%s,%s%s", around[0], want, want, around[1])
		}
		w := &writer{}
		write(w, &part)
		if (w.err == nil) != (wantErr == nil) {
			t.Fatalf("error %v, the library says %v", w.err, wantErr)
		}
		if w.err == nil && string(w.text) != string(want) {
			t.Fatalf("got  %s\nwant %s", w.text, want)
		}
	})
}

// fill draws every member.
func fill(t *rapid.T, value reflect.Value) {
	switch value.Kind() {
	case reflect.String:
		value.SetString(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"驾驶证", `"\<>&`, "\u2028", "\xff", ""})).Draw(t, "text"))
	case reflect.Bool:
		value.SetBool(rapid.Bool().Draw(t, "flag"))
	case reflect.Int, reflect.Int64:
		value.SetInt(rapid.Int64().Draw(t, "number"))
	case reflect.Uint64:
		value.SetUint(rapid.Uint64().Draw(t, "count"))
	case reflect.Struct:
		if value.Type() == reflect.TypeFor[time.Time]() {
			at := time.Unix(rapid.Int64Range(-63_000_000_000, 260_000_000_000).Draw(t, "second"), rapid.Int64Range(0, 1e9).Draw(t, "nano"))
			value.Set(reflect.ValueOf(at.UTC()))
			return
		}
		for i := range value.NumField() {
			fill(t, value.Field(i))
		}
	default:
		t.Fatalf("a member of kind %s: say here how to fill it", value.Kind())
	}
}

// An answer with receipt is its bytes without it, up to the last brace.
func TestReceiptFollowsTheRecordedBytes(t *testing.T) {
	t.Parallel()
	body, err := Encoder{}.EncodeAnswer(&exchange.Query{Operation: exchange.LicenceQuery}, benchAnswer())
	if err != nil {
		t.Fatal(err)
	}
	recorded := string(body)
	whole, err := withReceipt(body, exchange.Receipt{Log: "evidence", Index: 7, RecordedAt: time.Unix(1795483800, 0).UTC()})
	want := recorded[:len(recorded)-1] + `,"receipt":{"log":"evidence","index":7,"digest":"","recordedAt":"2026-11-24T01:30:00Z"}}`
	if err != nil || string(whole) != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, whole, want)
	}
	for _, wrong := range []string{"", "{", "[]", "null"} {
		if _, err := withReceipt([]byte(wrong), exchange.Receipt{}); err == nil {
			t.Errorf("%q got a receipt", wrong)
		}
	}
}
