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

// pageLocale lets a reader choose by ?lang=zh or ?lang=en, as the pages' own links do; anything else is negotiated. A problem's
// texts are not chosen so: under /v1 there is no query string.
func pageLocale(r *http.Request) locale {
	switch r.URL.Query().Get("lang") {
	case "zh":
		return chinese
	case "en":
		return english
	}
	return localeOf(r.Header)
}

// Short is the language's value of ?lang=.
func (l locale) Short() string {
	if l == english {
		return "en"
	}
	return "zh"
}
