package personal

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func personalNow() time.Time { return time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC) }

const (
	plainNumber   = "11010519491231002X" // the standard's example
	formerExample = "110105491231002"    // the same person's number before 1999
)

// inDigits writes a number with the digits of another script, given its nought.
func inDigits(number string, nought rune) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return r
		}
		return nought + r - '0'
	}, number)
}

func TestDisguisedNumbersAreFound(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"plain": plainNumber, "small x": strings.ToLower(plainNumber), "between letters": "case" + plainNumber + "b", "between digits": "31" + plainNumber + "7",
		"full width": inDigits("11010519491231002Ｘ", '０'), "Arabic": inDigits(plainNumber, '٠'), "Persian": inDigits(plainNumber, '۰'),
		"Devanagari": inDigits(plainNumber, '०'), "mathematical": inDigits(plainNumber, '𝟘'), "superscript": "¹¹⁰¹⁰⁵¹⁹⁴⁹¹²³¹⁰⁰²X",
		"in circles": "①①⓪①⓪⑤①⑨④⑨①②③①⓪⓪②X", "eleven in a circle": "⑪010519491231002X", "Roman ten": "11010519491231002Ⅹ",
		"Cyrillic ha": "11010519491231002Х", "Greek chi": "11010519491231002χ",
		"blanks": "110105 19491231 002X", "hyphens": "110105-19491231-002X", "dots": "1.1.0.1.0.5.19491231.002X", "full-width blanks": "110105\u300019491231\u3000002X",
		"zero width": "110105\u200b1949\u200d1231\ufeff002X", "soft hyphens": "110105\u00ad19491231\u00ad002X", "Hangul fillers": "110105\u316419491231\u3164002X",
		"marks": "1\u03321\u03320105\ufe0f19491231002X", "brackets": "(110105)[19491231]《002X》", "symbols": "110105+19491231=002|X", "line breaks": "110105\n19491231\r\n002X",
		"former": formerExample, "former in a text": "张三" + formerExample + "号", "former with blanks": "110105 491231 002", "former, full width": inDigits(formerExample, '０'),
		"former behind a number": "2026-" + formerExample, "former before a number": formerExample + "/1", "Taiwan resident": "830000199201300022",
	} {
		if !Holds(text, personalNow()) {
			t.Errorf("%s: not found", name)
		}
		masked := Mask("before "+text+" behind", personalNow())
		if strings.Contains(masked, text) || !strings.HasPrefix(masked, "before ") || !strings.HasSuffix(masked, " behind") {
			t.Errorf("%s: masked as %q", name, masked)
		}
	}
}

// What stands in purposes every day is no ID number.
func TestOrdinaryTextsPass(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "self", "202611240001", "310105109000999", "3101051234567890", "310000000000", "沪公(浦)交决字[2026]第3101151234567号", "91310000MA1FL5E27X",
		"11310000MB2F30123A4310105109000", "1131000000242012344310105109000", "PIPL-13-3", "(2026)沪0105民初1234号", "2026-11-24T09:29:00.123456+08:00",
		"13800000000", "021-12345678 转 1234", "0b9f3f5e-6a1c-4d0e-9a55-0d5f3b1f6f10", "1795483800000", "1795483800000000", "1795483800000000000",
		"310105261124001", "310105 261124 001", // division, today, serial number
		"110105194912310020", // wrong check character
		"11010519490230002X", "110105491331002", "990105491231002", "1101054912310021", "一一〇一〇五一九四九一二三一〇〇二",
		"11010a5194912310b02X",
	} {
		if Holds(text, personalNow()) || Mask(text, personalNow()) != text {
			t.Errorf("%q is taken for an ID number", text)
		}
	}
}

// Of case numbers that nobody made up to be ID numbers next to none is taken for one.
func TestFalseAlarmsAreRare(t *testing.T) {
	t.Parallel()
	alarms, at := 0, uint64(1)
	const tried = 20000
	for range tried {
		at = at*6364136223846793005 + 1442695040888963407 // the multiplier of Knuth's MMIX
		if Holds(fmt.Sprintf("%06d%016d%09d", at%1000000, at%9999999999999999, at%999999999), personalNow()) {
			alarms++
		}
	}
	if alarms > tried/1000 {
		t.Errorf("%d of %d codes with 31 digits", alarms, tried)
	}
}

// A number is found whatever is put between its characters, as long as nobody could read it as part of it.
func TestNumbersAreFoundBetweenAnything(t *testing.T) {
	t.Parallel()
	between := rapid.StringOfN(rapid.SampledFrom([]rune(" \t-._/·—*#|~,，。、：　\u00a0\u200b\u2060\ufeff\u180e\u3164")), 0, 3, -1)
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		for _, character := range plainNumber {
			text.WriteString(inDigits(string(character), rapid.SampledFrom([]rune{'0', '０', '٠', '߀', '০'}).Draw(t, "script")))
			text.WriteString(between.Draw(t, "between"))
		}
		if !Holds(text.String(), personalNow()) {
			t.Errorf("not found in %q", text.String())
		}
	})
}

// FuzzWithoutIDNumbers: no text breaks the search, and what is masked holds none of the characters of what was found but its ends.
func FuzzWithoutIDNumbers(f *testing.F) {
	for _, seed := range []string{plainNumber, formerExample, "⑪010519491231002X⑪010519491231002X", "\xff1\xe3\x80", strings.Repeat("⑪", 40), inDigits(plainNumber, '٠')} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		masked := Mask(text, personalNow())
		if holds := Holds(text, personalNow()); holds == (masked == text) {
			t.Errorf("%q: found %t, masked as %q", text, holds, masked)
		}
	})
}

func BenchmarkHoldsIDNumber(b *testing.B) {
	for name, text := range map[string]string{"code": "11310000MB2F30123A4310105109000", "name": "上海市公安局交通警察总队车辆管理所"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if Holds(text, personalNow()) {
					b.Fatal(text)
				}
			}
		})
	}
}
