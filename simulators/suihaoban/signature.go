package suihaoban

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// DefaultHeaderPrefix is the prefix of the signing headers; the product is also sold with x-rio.
const DefaultHeaderPrefix = "x-tif"

// maxSkew is what the gateway allows the timestamp to be off.
const maxSkew = 180 * time.Second

// signature is UPPER-case hexadecimal SHA-256(timestamp + token + nonce + timestamp). Method, path and body are not covered.
func signature(timestamp, token, nonce string) string {
	return upperHex(timestamp + token + nonce + timestamp)
}

// Downstream is a call from the gateway to a service behind it: the gateway signs, and says which user is calling.
type Downstream struct {
	PaasID    string
	Token     string // shared with the service
	Nonce     string
	At        time.Time
	UID       string // x-tif-uid
	UserInfo  string // x-tif-uinfo
	Extension string // x-tif-ext
}

// Signature is UPPER-case hexadecimal SHA-256(timestamp + token + nonce + "," + uid + "," + uinfo + "," + ext + timestamp).
func (d Downstream) Signature() string {
	timestamp := strconv.FormatInt(d.At.Unix(), 10)
	return upperHex(timestamp + d.Token + d.Nonce + "," + d.UID + "," + d.UserInfo + "," + d.Extension + timestamp)
}

// SetHeaders signs a request, with headers of the given prefix.
func (d Downstream) SetHeaders(header http.Header, prefix string) {
	for name, value := range map[string]string{
		"paasid": d.PaasID, "timestamp": strconv.FormatInt(d.At.Unix(), 10), "nonce": d.Nonce, "signature": d.Signature(),
		"uid": d.UID, "uinfo": d.UserInfo, "ext": d.Extension,
	} {
		header.Set(prefix+"-"+name, value)
	}
}

func upperHex(text string) string {
	digest := sha256.Sum256([]byte(text))
	return strings.ToUpper(hex.EncodeToString(digest[:]))
}

// verify gives the gateway's message for what is wrong with a call. A nonce is spent only when the signature is right, or
// anybody could spend other people's.
func (p *platform) verify(call standin.Call) string {
	header := func(name string) string { return call.Request.Header.Get(p.config.HeaderPrefix + "-" + name) }
	token, known := p.config.Tokens[header("paasid")]
	seconds, err := strconv.ParseInt(header("timestamp"), 10, 64)
	want := signature(header("timestamp"), token, header("nonce"))
	switch {
	case !known:
		return "paasid 不存在"
	case err != nil || call.Now.Sub(time.Unix(seconds, 0)).Abs() > maxSkew:
		return "时间戳超出允许范围"
	case header("nonce") == "":
		return "缺少 nonce"
	case subtle.ConstantTimeCompare([]byte(strings.ToUpper(header("signature"))), []byte(want)) != 1:
		return "签名校验失败"
	case !p.nonces.spend(header("paasid")+" "+header("nonce"), call.Now):
		return "nonce 重复"
	}
	return ""
}

// nonces remembers what was spent within the window.
type nonces struct {
	mu    sync.Mutex
	spent map[string]time.Time
	swept time.Time // when old ones were last dropped; not at each call, which would make a busy stand-in slow
}

// spend marks a nonce and tells whether it was new. A call may be signed up to maxSkew ahead of the platform's clock and so
// stays acceptable for twice that.
func (n *nonces) spend(nonce string, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sweep(now)
	if at, used := n.spent[nonce]; used && now.Sub(at) <= 2*maxSkew {
		return false
	}
	n.spent[nonce] = now
	return true
}

func (n *nonces) sweep(now time.Time) {
	if n.spent == nil {
		n.spent = map[string]time.Time{}
	}
	if now.Sub(n.swept) < maxSkew {
		return
	}
	n.swept = now
	for nonce, at := range n.spent {
		if now.Sub(at) > 2*maxSkew {
			delete(n.spent, nonce)
		}
	}
}

func (n *nonces) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.spent = nil
}
