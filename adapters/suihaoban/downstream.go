package suihaoban

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// DownstreamSkew is how far the time of a call that TIF passes on may be from ours.
const DownstreamSkew = 180 * time.Second

// Visitor is the citizen whose call TIF passes on, as TIF signed it. The three texts are personal data.
type Visitor struct {
	UID  string // x-tif-uid: the user's id at the province
	Info string // x-tif-uinfo: what the province tells of the user, encoded by agreement with the service
	Ext  string // x-tif-ext: more of the same
}

// Nonces remembers which nonces were used.
type Nonces interface {
	// Use reports whether the nonce was unused, and marks it as used at least until then. It must be atomic.
	Use(nonce string, until time.Time) (fresh bool, err error)
}

// Verifier verifies the calls that TIF passes on to us. Method, path and body are not covered by TIF's signature, so a verified
// call says who the citizen is and nothing of what is asked.
type Verifier struct {
	Prefix string // of the signature headers, [PrefixTIF] or [PrefixRIO]
	PaasID string // ours
	Token  string // the secret that belongs to it; an empty one verifies nothing
	Nonces Nonces
}

// VerifyDownstream gives the visitor of a call made at the moment now. Errors are of code SignatureMissing (a header is missing
// or given twice), SignatureExpired (more than [DownstreamSkew] off), SignatureInvalid, RequestReplayed, or what Nonces says.
// The nonce is marked only after the signature was found good: else anyone could use up another's.
func (v Verifier) VerifyDownstream(header http.Header, now time.Time) (Visitor, error) {
	mark, err := v.read(header)
	if err != nil {
		return Visitor{}, err
	}
	sent := time.Unix(mark.seconds, 0)
	if now.Sub(sent).Abs() > DownstreamSkew {
		return Visitor{}, exchange.Errorf(exchange.SignatureExpired, "the call's time is more than %v off", DownstreamSkew)
	}
	if !v.genuine(mark) {
		return Visitor{}, exchange.Errorf(exchange.SignatureInvalid, "the call's signature doesn't verify")
	}
	if err := v.use(mark.nonce, sent); err != nil {
		return Visitor{}, err
	}
	return mark.visitor, nil
}

// use marks the nonce for as long as its call would be accepted, the last moment included.
func (v Verifier) use(nonce string, sent time.Time) error {
	fresh, err := v.Nonces.Use(nonce, sent.Add(DownstreamSkew+time.Second))
	if err == nil && !fresh {
		return exchange.Errorf(exchange.RequestReplayed, "the call's nonce was used before")
	}
	return err
}

// genuine compares in constant time and, as TIF asks for, without regard to the case of the hex digits.
func (v Verifier) genuine(mark downstreamMark) bool {
	given, err := hex.DecodeString(mark.signature)
	if err != nil || len(given) != sha256.Size || v.Token == "" || mark.paasID != v.PaasID {
		return false
	}
	wanted, _ := hex.DecodeString(downstreamSignature(mark.timestamp, v.Token, mark.nonce, mark.visitor))
	return subtle.ConstantTimeCompare(given, wanted) == 1
}

// downstreamMark is what the headers of a call say.
type downstreamMark struct {
	paasID, timestamp, nonce, signature string
	seconds                             int64
	visitor                             Visitor
}

func (v Verifier) read(header http.Header) (downstreamMark, error) {
	r := headerReader{header: header, prefix: v.Prefix}
	mark := downstreamMark{
		paasID: r.required(suffixPaasID), timestamp: r.required(suffixTimestamp), nonce: r.required(suffixNonce),
		signature: r.required(suffixSignature),
		visitor:   Visitor{r.optional(suffixUID), r.optional(suffixInfo), r.optional(suffixExt)},
	}
	if r.missing != "" {
		return mark, exchange.Errorf(exchange.SignatureMissing, "want the header %s once", r.missing)
	}
	err := mark.check()
	return mark, err
}

// check reads the time and refuses texts that could move a border between the signed parts, which stand together with nothing or a comma between.
// Info and Ext may hold commas; where one ends and the other begins is then not certain.
func (m *downstreamMark) check() error {
	seconds, err := strconv.ParseInt(m.timestamp, 10, 64)
	plain := err == nil && len(m.timestamp) == timestampDigits && m.timestamp[0] != '-' && m.timestamp[0] != '+'
	if !plain || len(m.nonce) > maxNonce || strings.Contains(m.nonce, ",") || strings.Contains(m.visitor.UID, ",") {
		return exchange.Errorf(exchange.SignatureInvalid, "time, nonce or user id of the call are not of TIF's form")
	}
	m.seconds = seconds
	return nil
}

const (
	timestampDigits = 10 // seconds from 2001 to 2286
	maxNonce        = 128
)
