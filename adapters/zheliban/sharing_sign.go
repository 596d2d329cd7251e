package zheliban

import (
	"crypto/md5"
	"encoding/hex"
	"net/url"
	"strconv"
	"time"
)

// signedForm gives the form fields that every call of the data-sharing platform starts with. secret is the appSecret, the
// refreshSecret or the requestSecret, by step.
func signedForm(appKey, secret string, now time.Time) url.Values {
	requestTime := strconv.FormatInt(now.UnixMilli(), 10)
	return url.Values{
		"appKey": {appKey}, "requestTime": {requestTime}, "sign": {sharingSign(appKey, secret, requestTime)},
	}
}

// sharingSign is the lower-case hex MD5 of the three texts together. MD5 is the platform's choice; the secret changes every
// quarter of an hour, and TLS protects the call.
func sharingSign(appKey, secret, requestTime string) string {
	sum := md5.Sum([]byte(appKey + secret + requestTime))
	return hex.EncodeToString(sum[:])
}
