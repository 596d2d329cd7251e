package httpsig

import (
	"encoding/base64"

	"github.com/dunglas/httpsfv"
)

// parseSignature reads a Signature field of one line with the one label of the
// profile.
func parseSignature(lines []string) ([]byte, error) {
	if signature, ok := plainBytes(lines, Label); ok {
		return signature, nil
	}
	switch {
	case len(lines) == 0:
		return nil, ErrSignatureMissing
	case len(lines) > 1:
		return nil, ErrSignatureDoubled
	case len(lines[0]) > maxSignature:
		return nil, ErrMalformed
	}
	label, member, err := soleMember(lines)
	if err != nil {
		return nil, err
	}
	item, _ := member.(httpsfv.Item)
	signature, ok := item.Value.([]byte)
	switch {
	case !ok || len(signature) == 0:
		return nil, ErrMalformed
	case label != Label:
		return nil, ErrLabel
	case lines[0] != byteMember(Label, signature):
		return nil, ErrNotCanonical
	}
	return signature, nil
}

// usualMember is room for the byte sequences of the profile, of which a signature is the longest.
const usualMember = 160

// byteMember is a dictionary of one byte sequence, label=:base64: (RFC 9651).
func byteMember(label string, value []byte) string {
	var room [usualMember]byte
	text := append(room[:0], label...)
	text = append(text, "=:"...)
	text = base64.StdEncoding.AppendEncode(text, value)
	return string(append(text, ':'))
}
