package evidence

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"
)

// writer appends members of JSON objects as [json.Marshal] writes them; the first error stays.
type writer struct {
	text []byte
	err  error
}

func (w *writer) raw(s string) { w.text = append(w.text, s...) }

// name begins a member. A name of ours needs no escapes.
func (w *writer) name(name string) {
	if w.text[len(w.text)-1] != '{' {
		w.text = append(w.text, ',')
	}
	w.text = append(w.text, '"')
	w.text = append(w.text, name...)
	w.text = append(w.text, '"', ':')
}

func (w *writer) string(name, value string) {
	w.name(name)
	w.quote(value)
}

// given leaves out what is empty, as do count and flag.
func (w *writer) given(name, value string) {
	if value != "" {
		w.string(name, value)
	}
}

func (w *writer) count(name string, value int) {
	if value != 0 {
		w.number(name, int64(value))
	}
}

func (w *writer) flag(name string, value bool) {
	if value {
		w.name(name)
		w.raw("true")
	}
}

func (w *writer) number(name string, value int64) {
	w.name(name)
	w.text = strconv.AppendInt(w.text, value, 10)
}

func (w *writer) bytes(name string, value []byte) {
	w.name(name)
	if value == nil {
		w.raw("null")
		return
	}
	w.raw(`"`)
	w.text = base64.StdEncoding.AppendEncode(w.text, value)
	w.raw(`"`)
}

// moment writes RFC 3339, and fails where the library does: on years of five digits and zones of a day.
func (w *writer) moment(name string, value time.Time) {
	w.name(name)
	w.raw(`"`)
	text, err := value.AppendText(w.text)
	if err != nil {
		w.fail(err)
		return
	}
	w.text = text
	w.raw(`"`)
}

func (w *writer) quote(value string) {
	if !plain(value) {
		w.library(value)
		return
	}
	w.text = append(w.text, '"')
	w.text = append(w.text, value...)
	w.text = append(w.text, '"')
}

// library leaves a value to the library.
func (w *writer) library(value any) {
	text, err := json.Marshal(value)
	if err != nil {
		w.fail(err)
	}
	w.text = append(w.text, text...)
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// plain reports whether a text stands in JSON as it is. The library also escapes what HTML and JavaScript would stumble over.
func plain(value string) bool {
	for _, c := range value {
		switch c {
		case '"', '\\', '<', '>', '&', '\u2028', '\u2029', utf8.RuneError:
			return false
		}
		if c < ' ' {
			return false
		}
	}
	return true
}

// list writes a member with a list unless that is empty.
func list[T any](w *writer, name string, values []T, one func(*T)) {
	if len(values) == 0 {
		return
	}
	w.name(name)
	w.raw("[")
	for i := range values {
		if i > 0 {
			w.raw(",")
		}
		one(&values[i])
	}
	w.raw("]")
}

// texts writes one text of a list.
func texts[T ~string](w *writer) func(*T) { return func(value *T) { w.quote(string(*value)) } }
