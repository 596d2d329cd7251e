package population

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"time"
)

// identity is who calls which service; it signs calls.
type identity struct{ requester, service string }

// values are the four values of a call, as the refresh carries them in its body and other calls in their headers.
type values struct {
	Requester string `json:"gjgxjhpt_rid"`
	Service   string `json:"gjgxjhpt_sid"`
	Time      string `json:"gjgxjhpt_rtime"` // milliseconds
	Signature string `json:"gjgxjhpt_sign"`
}

// at gives the values of a call that is made now: the signature is Base64(HMAC-SHA256(key, sid + rid + rtime)), and covers
// neither path nor body.
func (i identity) at(now time.Time, key string) values {
	rtime := strconv.FormatInt(now.UnixMilli(), 10)
	digest := hmac.New(sha256.New, []byte(key))
	digest.Write([]byte(i.service + i.requester + rtime))
	return values{i.requester, i.service, rtime, base64.StdEncoding.EncodeToString(digest.Sum(nil))}
}

// put writes the values into a call's headers. The names are the platform's, in lower case; HTTP compares them without case.
func (v values) put(header http.Header) {
	header.Set("gjgxjhpt_rid", v.Requester)
	header.Set("gjgxjhpt_sid", v.Service)
	header.Set("gjgxjhpt_rtime", v.Time)
	header.Set("gjgxjhpt_sign", v.Signature)
}
