package httpsig

import (
	"net/http"

	"github.com/dunglas/httpsfv"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// ContentDigest is the value of the Content-Digest field for a body, the empty
// body included: sm3=:base64 of the SM3 digest: (RFC 9530 syntax; sm3 is this
// profile's own key and not registered with IANA).
func ContentDigest(body []byte) string {
	sum := smcrypto.SM3(body)
	return byteMember(DigestAlgorithm, sum[:])
}

// checkDigest compares text with text: there is one way to write the right
// value, and only a wrong one needs to be looked into.
func checkDigest(header http.Header, body []byte) error {
	lines := header[HeaderDigest]
	switch {
	case len(lines) == 0:
		return ErrDigestMissing
	case len(lines) > 1:
		return ErrDigestDoubled
	case lines[0] == ContentDigest(body):
		return nil
	}
	return digestFault(lines)
}

// digestFault finds out why a Content-Digest line is not the one wanted.
func digestFault(lines []string) error {
	if len(lines[0]) > maxInput {
		return ErrDigestMalformed
	}
	dictionary, err := httpsfv.UnmarshalDictionary(lines)
	if err != nil {
		return ErrDigestMalformed
	}
	member, ok := dictionary.Get(DigestAlgorithm)
	if !ok || len(dictionary.Names()) != 1 {
		return ErrDigestAlgorithm
	}
	item, _ := member.(httpsfv.Item)
	sum, ok := item.Value.([]byte)
	if !ok || len(sum) != smcrypto.DigestSize || lines[0] != byteMember(DigestAlgorithm, sum) {
		return ErrDigestMalformed
	}
	return ErrDigestMismatch
}
