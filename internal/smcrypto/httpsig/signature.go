package httpsig

import (
	"encoding/base64"
	"strings"

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

// byteMember is a dictionary of one byte sequence, label=:base64: (RFC 9651).
func byteMember(label string, value []byte) string {
	var text strings.Builder
	text.Grow(len(label) + 3 + base64.StdEncoding.EncodedLen(len(value)))
	text.WriteString(label)
	text.WriteString("=:")
	text.WriteString(base64.StdEncoding.EncodeToString(value))
	text.WriteByte(':')
	return text.String()
}
