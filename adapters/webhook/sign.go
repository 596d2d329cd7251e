package webhook

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// The headers of Standard Webhooks 1.0.0.
const (
	headerID        = "webhook-id"
	headerTimestamp = "webhook-timestamp" // seconds since 1970 of this attempt
	headerSignature = "webhook-signature" // signatures with their identifiers, separated by blanks
)

// schemeSM2 is our signature identifier beside the standard's v1 (HMAC-SHA256) and v1a (ed25519): SM2 with SM3 and the user id
// 1234567812345678 (GM/T 0009), the signature in DER and Base64. A receiver passes over identifiers that it doesn't know.
const schemeSM2 = "v1sm2"

// signer signs messages with each of its keys, the one in use first.
type signer struct {
	keys   []*smcrypto.PrivateKey
	clock  func() time.Time
	random io.Reader
}

// attempt gives what signs one attempt at a message: its id stays, its time is the attempt's.
func (s signer) attempt(id string, body []byte) func(http.Header) error {
	return func(header http.Header) error {
		timestamp := strconv.FormatInt(s.clock().Unix(), 10)
		signatures, err := s.sign(id, timestamp, body)
		if err != nil {
			return err
		}
		header.Set(headerID, id)
		header.Set(headerTimestamp, timestamp)
		header.Set(headerSignature, signatures)
		return nil
	}
}

func (s signer) sign(id, timestamp string, body []byte) (string, error) {
	content := append([]byte(id+"."+timestamp+"."), body...)
	signatures := make([]string, len(s.keys))
	for i, key := range s.keys {
		signature, err := key.Sign(s.random, content)
		if err != nil {
			return "", fmt.Errorf("sign the event: %w", err)
		}
		signatures[i] = schemeSM2 + "," + base64.StdEncoding.EncodeToString(signature)
	}
	return strings.Join(signatures, " "), nil
}

// checkID wants printable ASCII without a full stop, which would move the border between the signed parts.
func checkID(id string) error {
	for _, char := range []byte(id) {
		if char <= ' ' || char >= 0x7f || char == '.' {
			return exchange.Errorf(exchange.Internal, "the licence's key is not fit for a webhook's id")
		}
	}
	return nil
}
