package evidence

import (
	"strconv"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
)

// appendEntry appends the stored form of a record to text: byte for byte what [json.Marshal] makes of an [Entry], in a third of its
// time. Tests hold it to that for every member that [exchange.Record] has, so that a new one can't be forgotten here.
func appendEntry(text []byte, record *exchange.Record, sealed *envelope.Sealed) ([]byte, error) {
	w := &writer{text: append(text, `{"v":`...)}
	w.text = strconv.AppendInt(w.text, entryVersion, 10)
	w.asked(record)
	w.decided(record)
	w.answered(record)
	if sealed != nil {
		w.sealed(sealed)
	}
	w.raw("}")
	return w.text, w.err
}

// asked writes who wanted what, and by what the decision was made.
func (w *writer) asked(r *exchange.Record) {
	w.string("id", r.ID)
	w.moment("time", r.Time)
	w.string("operation", string(r.Operation))
	w.string("platform", r.Platform)
	w.string("keyId", r.KeyID)
	w.given("region", string(r.Region))
	w.given("subject", r.Subject)
	w.purpose(&r.Purpose)
	list(w, "authentications", r.Authentications, w.authentication)
	w.given("assurance", r.Assurance)
	list(w, "wanted", r.Wanted, texts[exchange.Field](w))
	if r.MaxAge != nil {
		w.number("maxAge", int64(*r.MaxAge))
	}
	w.count("subjectAge", r.SubjectAge)
	w.flag("fileNumber", r.FileNumber)
	w.count("vehicles", r.Vehicles)
	w.given("opening", r.Opening)
	if r.Behalf != nil {
		w.behalf(r.Behalf)
	}
}

func (w *writer) behalf(b *exchange.BehalfRecord) {
	w.name("behalf")
	w.raw("{")
	w.string("relation", string(b.Relation))
	w.number("agentAge", int64(b.AgentAge))
	w.flag("agentIsSubject", b.AgentIsSubject)
	if !b.From.IsZero() {
		w.moment("from", b.From)
	}
	if !b.Until.IsZero() {
		w.moment("until", b.Until)
	}
	if b.Scope != nil {
		w.scope(b.Scope)
	}
	w.given("agent", b.Agent)
	w.given("grant", b.Grant)
	w.raw("}")
}

func (w *writer) scope(s *exchange.Scope) {
	w.name("scope")
	w.raw("{")
	list(w, "purposes", s.Purposes, texts[string](w))
	list(w, "operations", s.Operations, texts[exchange.Operation](w))
	list(w, "fields", s.Fields, texts[exchange.Field](w))
	w.raw("}")
}

// decided writes what came of it.
func (w *writer) decided(r *exchange.Record) {
	w.string("outcome", r.Outcome)
	w.given("revision", r.Revision)
	list(w, "reasons", r.Reasons, texts[string](w))
	list(w, "rules", r.Rules, texts[string](w))
	list(w, "disclosed", r.Disclosed, texts[exchange.Field](w))
	list(w, "masked", r.Masked, texts[exchange.Field](w))
	list(w, "withheld", r.Withheld, w.withheld)
}

// answered writes who was asked and what left.
func (w *writer) answered(r *exchange.Record) {
	list(w, "attempts", r.Attempts, w.attempt)
	w.given("source", r.Source)
	if !r.AsOf.IsZero() {
		w.moment("asOf", r.AsOf)
	}
	w.flag("stale", r.Stale)
	w.given("answerDigest", r.AnswerDigest)
	if len(r.Signature) > 0 {
		w.bytes("signature", r.Signature)
	}
}

func (w *writer) purpose(p *exchange.Purpose) {
	w.name("purpose")
	w.raw("{")
	w.string("code", p.Code)
	w.string("matter", p.Matter)
	w.string("matterName", p.MatterName)
	w.string("case", p.Case)
	w.string("operator", p.Operator)
	w.string("unit", p.Unit)
	w.string("unitName", p.UnitName)
	w.string("legalBasis", p.LegalBasis)
	w.raw("}")
}

func (w *writer) authentication(a *exchange.Authentication) {
	w.raw("{")
	w.string("method", a.Method)
	w.string("provider", a.Provider)
	w.moment("at", a.At)
	if a.Similarity != nil {
		w.name("similarity")
		w.library(*a.Similarity)
	}
	w.raw("}")
}

func (w *writer) withheld(one *exchange.WithheldCode) {
	w.raw("{")
	w.string("field", string(one.Field))
	w.string("code", one.Code)
	w.raw("}")
}

func (w *writer) attempt(a *exchange.Attempt) {
	w.raw("{")
	w.string("source", a.Source)
	w.string("outcome", a.Outcome)
	w.number("duration", a.Duration)
	w.raw("}")
}

func (w *writer) sealed(s *envelope.Sealed) {
	w.name("sealed")
	w.raw("{")
	w.string("kid", s.KID)
	w.bytes("iv", s.IV)
	w.bytes("ct", s.CT)
	w.raw("}")
}
