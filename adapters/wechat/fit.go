package wechat

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of a template's values (小程序订阅消息, 参数值内容限制说明), in characters. A message that breaks one is refused with
// 47003.
const (
	maxThing           = 20
	maxPhrase          = 5
	maxNumber          = 32
	maxCharacterString = 32
)

// What stands where nothing can be shown.
const (
	thingHidden  = "请打开小程序查看"
	phraseHidden = "请查看"
)

// fit makes a text fit its kind. A thing that is too long is cut and says so; a phrase that is none says where to look. fits is false where
// the kind can hold neither the text nor a word for it.
func fit(kind, text string) (value string, fits bool) {
	switch kind {
	case "thing":
		return fitThing(text), true
	case "phrase":
		if utf8.RuneCountInString(text) > maxPhrase || !all(text, isHan) {
			text = phraseHidden
		}
		return text, true
	case "number":
		return text, len(text) <= maxNumber && all(text, isDigit)
	case "character_string":
		return text, len(text) <= maxCharacterString && all(text, isPrintable)
	case "time":
		return text, strings.Contains(text, ":")
	case "date":
		return text, strings.Contains(text, "年")
	}
	return "", false
}

func fitThing(text string) string {
	if text == "" {
		return thingHidden
	}
	runes := []rune(text)
	if len(runes) <= maxThing {
		return text
	}
	return string(runes[:maxThing-1]) + "…"
}

// all reports whether the text has characters, and only such.
func all(text string, is func(rune) bool) bool {
	return text != "" && strings.IndexFunc(text, func(r rune) bool { return !is(r) }) < 0
}

func isHan(r rune) bool       { return unicode.Is(unicode.Han, r) }
func isDigit(r rune) bool     { return r >= '0' && r <= '9' }
func isPrintable(r rune) bool { return r > ' ' && r < 0x7f }
