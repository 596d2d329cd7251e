package console

import (
	"net/http"
	"time"

	"golang.org/x/text/language"
)

// Language is one of the console's two.
type Language string

// The languages, by their tags (BCP 47).
const (
	Chinese Language = "zh-CN"
	English Language = "en"
)

const languageCookie = "zhengqiao-language"

// languageOf takes the visitor's choice, else what his browser prefers, else Chinese.
func languageOf(r *http.Request) Language {
	if cookie, err := r.Cookie(languageCookie); err == nil && (cookie.Value == string(Chinese) || cookie.Value == string(English)) {
		return Language(cookie.Value)
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return Chinese
	}
	for _, tag := range tags {
		switch base, _ := tag.Base(); base.String() {
		case "zh":
			return Chinese
		case "en":
			return English
		}
	}
	return Chinese
}

// Other is the language to switch to.
func (l Language) Other() Language {
	if l == English {
		return Chinese
	}
	return English
}

// Pick gives the text of this language.
func (l Language) Pick(zh, en string) string {
	if l == English {
		return en
	}
	return zh
}

// changeLanguage keeps the choice in the browser and goes back.
func (c *Console) changeLanguage(v *Visit) error {
	to := Language(v.PathValue("to"))
	if to != Chinese && to != English {
		return errNotFound
	}
	http.SetCookie(v.writer, &http.Cookie{
		Name: languageCookie, Value: string(to), Path: "/", HttpOnly: true, Secure: c.config.Secure, SameSite: http.SameSiteLaxMode,
		MaxAge: int((365 * 24 * time.Hour).Seconds()),
	})
	http.Redirect(v.writer, v.Request, localPath(v.FormValue("back")), http.StatusSeeOther)
	return nil
}
