package gateway

import (
	"net/http"

	"golang.org/x/text/language"
)

// locale is a language that the gateway speaks, as it stands in Content-Language.
type locale string

// The two languages. Chinese is the default.
const (
	chinese locale = "zh-CN"
	english locale = "en"
)

// maxAcceptLanguage bounds what is parsed; real browsers send less than 100 bytes.
const maxAcceptLanguage = 256

// localeOf negotiates by Accept-Language (RFC 9110 §12.5.4).
func localeOf(header http.Header) locale {
	wish := header.Get("Accept-Language")
	if wish == "" || len(wish) > maxAcceptLanguage {
		return chinese
	}
	tags, _, err := language.ParseAcceptLanguage(wish)
	if err != nil {
		return chinese
	}
	_, index, confidence := language.NewMatcher([]language.Tag{language.SimplifiedChinese, language.English}).Match(tags...)
	if index == 1 && confidence > language.Low { // low: English in place of any European language
		return english
	}
	return chinese
}
