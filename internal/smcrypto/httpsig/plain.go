package httpsig

import (
	"encoding/base64"
	"strings"
)

// This file reads the plain spellings in which every usual client writes the fields: one way to write a number, texts without escapes,
// one byte sequence. Whatever is spelt otherwise, right or wrong, is left to the structured-field library; what is read here it
// would read alike and write again byte for byte, as a fuzz test holds it to.

// plainParameters reads the parameters behind the covered components, ;name=value each.
func plainParameters(text string) (p parameters, ok bool) {
	for text != "" {
		name, rest, found := strings.Cut(text, "=")
		if !found {
			return parameters{}, false
		}
		before := p.present
		if text, ok = p.plain(name, rest); !ok || p.present == before { // equal: a name repeated
			return parameters{}, false
		}
	}
	return p, true
}

func (p *parameters) plain(name, value string) (rest string, ok bool) {
	switch name {
	case ";created":
		p.present |= hasCreated
		p.created, rest, ok = plainInteger(value)
	case ";nonce":
		p.present |= hasNonce
		p.nonce, rest, ok = plainText(value)
	case ";keyid":
		p.present |= hasKeyID
		p.keyID, rest, ok = plainText(value)
	case ";tag":
		p.present |= hasTag
		p.tag, rest, ok = plainText(value)
	case ";alg":
		p.present |= hasAlg
		p.alg, rest, ok = plainText(value)
	}
	return rest, ok
}

// maxDigits of an integer (RFC 9651 section 3.3.1).
const maxDigits = 15

// plainInteger reads a positive integer up to the next parameter.
func plainInteger(text string) (value int64, rest string, ok bool) {
	end := strings.IndexByte(text, ';')
	if end < 0 {
		end = len(text)
	}
	digits := text[:end]
	if digits == "" || digits[0] == '0' || len(digits) > maxDigits {
		return 0, "", false
	}
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			return 0, "", false
		}
		value = value*10 + int64(c-'0')
	}
	return value, text[end:], true
}

// plainText reads a text in quotation marks that needs no escapes (RFC 9651 section 3.3.3).
func plainText(text string) (value, rest string, ok bool) {
	if text == "" || text[0] != '"' {
		return "", "", false
	}
	value, rest, ok = strings.Cut(text[1:], `"`)
	for _, c := range []byte(value) {
		if c < ' ' || c > '~' || c == '\\' {
			return "", "", false
		}
	}
	return value, rest, ok
}

// strict64 takes each value in one spelling only, but for line ends.
var strict64 = base64.StdEncoding.Strict()

// plainBytes reads a field that is one line of one byte sequence, label=:base64:.
func plainBytes(lines []string, label string) ([]byte, bool) {
	if len(lines) != 1 || len(lines[0]) > maxSignature {
		return nil, false
	}
	text, named := strings.CutPrefix(lines[0], label)
	text, begun := strings.CutPrefix(text, "=:")
	text, ended := strings.CutSuffix(text, ":")
	if !named || !begun || !ended || strings.ContainsAny(text, "\r\n") {
		return nil, false
	}
	value, err := strict64.DecodeString(text)
	return value, err == nil && len(value) > 0
}
