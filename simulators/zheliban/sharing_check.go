package zheliban

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// maxAge is how far requestTime may be off.
const maxAge = 10 * time.Minute

// md5Sign is lower-case hexadecimal md5(appKey + secret + requestTime).
func md5Sign(appKey, secret, requestTime string) string {
	digest := md5.Sum([]byte(appKey + secret + requestTime))
	return hex.EncodeToString(digest[:])
}

// parameters reads the query and, of a form, the body. Values in the body win.
func parameters(call standin.Call) url.Values {
	values := call.Request.URL.Query()
	if !strings.HasPrefix(call.Request.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return values
	}
	form, err := url.ParseQuery(string(call.Body))
	if err != nil {
		return values
	}
	for name, given := range form {
		values[name] = given
	}
	return values
}

// correct verifies sign and requestTime against a secret; an empty secret has ended or never was.
func correct(call standin.Call, given url.Values, secret string) bool {
	milliseconds, err := strconv.ParseInt(given.Get("requestTime"), 10, 64)
	if err != nil || secret == "" || call.Now.Sub(time.UnixMilli(milliseconds)).Abs() > maxAge {
		return false
	}
	want := md5Sign(given.Get("appKey"), secret, given.Get("requestTime"))
	return subtle.ConstantTimeCompare([]byte(given.Get("sign")), []byte(want)) == 1
}

// missingPurpose names the first purpose field that is not filled: which matter, who asks, which case.
func missingPurpose(additional string) string {
	var purpose map[string]string
	if err := json.Unmarshal([]byte(additional), &purpose); err != nil {
		return "JSON"
	}
	for _, name := range []string{"powerMatters", "sponsorName", "sponsorCode", "projectId"} {
		if strings.TrimSpace(purpose[name]) == "" {
			return name
		}
	}
	return ""
}
