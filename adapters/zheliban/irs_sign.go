package zheliban

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"
)

// The headers of the IRS gateway: Apache APISIX's hmac-auth under other names, and without signed headers.
const (
	headerAccessKey = "X-BG-HMAC-ACCESS-KEY"
	headerAlgorithm = "X-BG-HMAC-ALGORITHM"
	headerSignature = "X-BG-HMAC-SIGNATURE"
	headerDate      = "X-BG-DATE-TIME"

	irsAlgorithm = "hmac-sha256" // the only one
)

// irsSigner signs calls of one address. The gateway accepts a date within 90 s of its own clock.
type irsSigner struct {
	method, path string
	accessKey    string
	secretKey    []byte
}

// sign puts the headers of a call made at the moment now. The query is empty, which is a line of its own. The date is in GMT:
// the handbook says GMT+8, but its own sample and every known client use GMT.
func (s irsSigner) sign(header http.Header, now time.Time) {
	date := now.UTC().Format(http.TimeFormat)
	header.Set(headerAccessKey, s.accessKey)
	header.Set(headerAlgorithm, irsAlgorithm)
	header.Set(headerDate, date)
	header.Set(headerSignature, s.signature("", date))
}

// signature is Base64(HMAC-SHA256(secret key, method, path, query, access key and date, each ended by a line feed)).
func (s irsSigner) signature(query, date string) string {
	return base64HMAC(s.secretKey, s.method+"\n"+s.path+"\n"+query+"\n"+s.accessKey+"\n"+date+"\n")
}

func base64HMAC(key []byte, text string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
