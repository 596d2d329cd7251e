package evidence

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
	"pgregory.net/rapid"
)

// The stored form is what the library makes of an entry, for whatever values any of its members has: those that it has now and,
// since they are filled by reflection, those that it will have.
func TestStoredFormIsTheLibrarys(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var record exchange.Record
		fill(t, reflect.ValueOf(&record).Elem(), "record")
		var sealed *envelope.Sealed
		fill(t, reflect.ValueOf(&sealed).Elem(), "sealed")
		want, wantErr := json.Marshal(Entry{Version: entryVersion, Record: record, Sealed: sealed})
		got, err := appendEntry([]byte("before"), &record, sealed)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("error %v, the library says %v", err, wantErr)
		}
		if err == nil && string(got) != "before"+string(want) {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	})
}

// Each member counts: one that is set alone shows. Without this the test above could pass for want of luck.
func TestEveryMemberIsStored(t *testing.T) {
	t.Parallel()
	kind := reflect.TypeFor[exchange.Record]()
	for i := range kind.NumField() {
		member := kind.Field(i)
		if member.Tag.Get("json") == "-" {
			continue
		}
		var record exchange.Record
		set(reflect.ValueOf(&record).Elem().Field(i))
		want, err := json.Marshal(Entry{Version: entryVersion, Record: record})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := appendEntry(nil, &record, nil); err != nil || string(got) != string(want) {
			t.Errorf("%s: %v\ngot  %s\nwant %s", member.Name, err, got, want)
		}
	}
}

// set gives a value that is not empty, all members of a struct included.
func set(value reflect.Value) {
	switch value.Kind() {
	case reflect.String:
		value.SetString("word")
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Int, reflect.Int64:
		value.SetInt(7)
	case reflect.Uint8:
		value.SetUint(7)
	case reflect.Float64:
		value.SetFloat(0.875)
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		set(value.Elem())
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 2, 2))
		set(value.Index(0))
		set(value.Index(1))
	case reflect.Struct:
		if value.Type() == reflect.TypeFor[time.Time]() {
			value.Set(reflect.ValueOf(time.Unix(1795483800, 5)))
			return
		}
		for i := range value.NumField() {
			set(value.Field(i))
		}
	default:
		panic(fmt.Sprintf("a member of kind %s: say here how to set it", value.Kind()))
	}
}

// fill draws a value for whatever a record may hold.
func fill(t *rapid.T, value reflect.Value, label string) {
	switch value.Kind() {
	case reflect.String:
		value.SetString(words().Draw(t, label))
	case reflect.Bool:
		value.SetBool(rapid.Bool().Draw(t, label))
	case reflect.Int, reflect.Int64:
		value.SetInt(rapid.Int64().Draw(t, label))
	case reflect.Uint8:
		value.SetUint(uint64(rapid.Byte().Draw(t, label)))
	case reflect.Float64:
		value.SetFloat(rapid.OneOf(rapid.Float64(), rapid.Just(math.NaN())).Draw(t, label))
	case reflect.Pointer:
		if rapid.Bool().Draw(t, label) {
			value.Set(reflect.New(value.Type().Elem()))
			fill(t, value.Elem(), label)
		}
	case reflect.Slice:
		if length := rapid.IntRange(-1, 3).Draw(t, label); length >= 0 {
			value.Set(reflect.MakeSlice(value.Type(), length, length))
		}
		for i := range value.Len() {
			fill(t, value.Index(i), label)
		}
	case reflect.Struct:
		if value.Type() == reflect.TypeFor[time.Time]() {
			value.Set(reflect.ValueOf(moments().Draw(t, label)))
			return
		}
		for i := range value.NumField() {
			fill(t, value.Field(i), label)
		}
	default:
		panic(fmt.Sprintf("a member of kind %s: say here how to fill it", value.Kind()))
	}
}

// words are texts of every kind: empty, plain, Chinese, with what JSON, HTML and JavaScript escape, and no UTF-8 at all.
func words() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", "self-query", "驾驶证查询", "𠮷", `"\`, "<a>&", "\u2028\u2029", "\ufffd", "\xff", "a\xd5\xc5", "\x00\x1f\x7f\t"}),
		rapid.String(), rapid.StringN(0, 20, -1))
}

// moments are of any year that can be written and some that can't, in any zone.
func moments() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		zone := time.FixedZone("", rapid.OneOf(rapid.IntRange(-16*3600, 16*3600), rapid.IntRange(-100_000, 100_000)).Draw(t, "zone"))
		at := time.Unix(rapid.Int64Range(-63_000_000_000, 260_000_000_000).Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "nano"))
		return rapid.SampledFrom([]time.Time{{}, at.UTC(), at.In(zone), at.Truncate(time.Second).UTC()}).Draw(t, "time")
	})
}

func FuzzQuote(f *testing.F) {
	for _, word := range []string{"", "plain", "驾驶证", `"`, "<", "\xff", "\u2028"} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		want, err := json.Marshal(word)
		w := &writer{}
		w.quote(word)
		if err != nil || string(w.text) != string(want) {
			t.Errorf("got %s, want %s, %v", w.text, want, err)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	var record exchange.Record
	set(reflect.ValueOf(&record).Elem())
	sealed := &envelope.Sealed{KID: "seal-1", IV: make([]byte, 24), CT: make([]byte, 900)}
	b.Run("library", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(Entry{Version: entryVersion, Record: record, Sealed: sealed}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("appended", func(b *testing.B) {
		b.ReportAllocs()
		text := make([]byte, 0, usualEntry)
		for b.Loop() {
			if _, err := appendEntry(text, &record, sealed); err != nil {
				b.Fatal(err)
			}
		}
	})
}
