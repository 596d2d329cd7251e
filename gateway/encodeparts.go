package gateway

import (
	"strconv"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// This file writes the parts of an answer that are the same in every one, as the library would; a test holds them to it.

// list writes an array; of none it writes an empty one.
func list[T any](w *writer, values []T, one func(*T)) {
	w.raw("[")
	for i := range values {
		w.comma(i)
		one(&values[i])
	}
	w.raw("]")
}

func (w *writer) withheld(one *exchange.Withheld) {
	w.named(`{"field":`, string(one.Field))
	w.named(`,"code":`, one.Code)
	w.named(`,"rule":`, one.Rule)
	w.named(`,"text":{"zh":`, one.Text.ZH)
	w.named(`,"en":`, one.Text.EN)
	w.raw("}}")
}

func (w *writer) state(one *exchange.StatusState) {
	w.named(`{"code":`, one.Code)
	w.named(`,"nameZh":`, one.NameZH)
	w.named(`,"nameEn":`, one.NameEN)
	w.named(`,"mayDrive":`, string(one.MayDrive))
	w.raw(`,"businessBlocked":`)
	w.text = strconv.AppendBool(w.text, one.BusinessBlocked)
	w.raw("}")
}

func (w *writer) provenance(p *exchange.Provenance) {
	w.named(`{"source":`, p.Source)
	w.named(`,"region":`, string(p.Region))
	w.raw(`,"asOf":`)
	w.moment(p.AsOf)
	w.named(`,"freshness":`, p.Freshness)
	w.raw(`,"ageBound":`)
	w.text = strconv.AppendInt(w.text, p.AgeBound, 10)
	w.raw(`,"stale":`)
	w.text = strconv.AppendBool(w.text, p.Stale)
	w.raw(`,"fallback":`)
	w.text = strconv.AppendBool(w.text, p.Fallback)
	w.raw("}")
}

// receiptSize is room for a receipt, whose log has a short name.
const receiptSize = 256

func (w *writer) receipt(r *exchange.Receipt) {
	w.named(`{"log":`, r.Log)
	w.raw(`,"index":`)
	w.text = strconv.AppendUint(w.text, r.Index, 10)
	w.named(`,"digest":`, r.Digest)
	w.raw(`,"recordedAt":`)
	w.moment(r.RecordedAt)
	w.raw("}")
}

func (w *writer) named(name, value string) {
	w.raw(name)
	w.quote(value)
}

// moment writes RFC 3339 and fails on a year that it can't write.
func (w *writer) moment(at time.Time) {
	w.raw(`"`)
	text, err := at.AppendText(w.text)
	if err != nil {
		if w.err == nil {
			w.err = err
		}
		return
	}
	w.text = text
	w.raw(`"`)
}
