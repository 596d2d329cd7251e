package webhook

import (
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// window is how far the time of an attempt may be off; an id is remembered for twice that, since an attempt may be signed ahead.
const window = 5 * time.Minute

// maxID is more than any id has.
const maxID = 256

type keys []*ecdsa.PublicKey

func parseKeys(texts []string) (keys, error) {
	var known keys
	for _, text := range texts {
		block, _ := pem.Decode([]byte(text))
		if block == nil {
			return nil, errors.New("webhook: a key is not in PEM")
		}
		parsed, err := smx509.ParsePKIXPublicKey(block.Bytes)
		key, ok := parsed.(*ecdsa.PublicKey)
		if err != nil || !ok || !sm2.IsSM2PublicKey(key) {
			return nil, errors.New("webhook: a key is not an SM2 public key")
		}
		known = append(known, key)
	}
	return known, nil
}

// verify gives the id of a genuine call, or why it is none.
func (p *platform) verify(call standin.Call) (id string, refused *refusal) {
	header := call.Request.Header
	id, timestamp := only(header, "Webhook-Id"), only(header, "Webhook-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	switch {
	case call.Request.Method != http.MethodPost:
		return "", &refusal{http.StatusMethodNotAllowed, "method-not-allowed", "want POST"}
	case !plain(id):
		return "", &refusal{http.StatusUnauthorized, "signature-missing", "webhook-id is missing, twice there or not plain"}
	case err != nil || call.Now.Sub(time.Unix(seconds, 0)).Abs() > window:
		return "", &refusal{http.StatusUnauthorized, "signature-expired", "webhook-timestamp is more than 5 minutes off"}
	case !p.keys.signed(only(header, "Webhook-Signature"), id+"."+timestamp+"."+string(call.Body)):
		return "", &refusal{http.StatusUnauthorized, "signature-invalid", "no signature verifies"}
	case !mediaType(header.Get("Content-Type"), wanted(call.Operation)):
		return "", &refusal{http.StatusUnsupportedMediaType, "unsupported-media-type", "want " + wanted(call.Operation)}
	}
	return id, nil
}

// signed tells whether one of the signatures is by one of the keys. Signatures of other schemes say nothing.
func (k keys) signed(signatures, content string) bool {
	for _, each := range strings.Split(signatures, " ") {
		scheme, text, _ := strings.Cut(each, ",")
		signature, err := base64.StdEncoding.Strict().DecodeString(text)
		if scheme != "v1sm2" || err != nil {
			continue
		}
		for _, key := range k {
			if sm2.VerifyASN1WithSM2(key, nil, []byte(content), signature) {
				return true
			}
		}
	}
	return false
}

// only gives the value of a header that is there once.
func only(header http.Header, name string) string {
	if values := header.Values(name); len(values) == 1 {
		return values[0]
	}
	return ""
}

// plain wants printable ASCII without a full stop.
func plain(id string) bool {
	return id != "" && len(id) <= maxID && strings.IndexFunc(id, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '.' }) < 0
}

func wanted(operation string) string {
	if operation == OperationHeld {
		return "application/json"
	}
	return "application/cloudevents+json"
}

func mediaType(value, want string) bool {
	media, parameters, err := mime.ParseMediaType(value)
	charset, given := parameters["charset"]
	return err == nil && media == want && (!given || strings.EqualFold(charset, "utf-8"))
}
