package suishenban

import (
	"encoding/base64"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// PushSkew is how far the time of a pushed message may be from ours.
const PushSkew = 300 * time.Second

// signed is a pushed message (S4). data is a JSON text within the JSON, so that its signed bytes are certain.
type signed struct {
	Version   string `json:"ver"`
	KeyID     string `json:"kid"`
	Sent      int64  `json:"ts"` // milliseconds
	Nonce     string `json:"nonce"`
	Data      string `json:"data"`
	Signature string `json:"sig"` // Base64 of the DER signature, SM2 with SM3 and the default user id (GB/T 35276)
}

const (
	signedVersion = "1"
	maxNonce      = 64
	minNonce      = 16
)

// base is what is signed: version, key id, time and nonce, each ended by a line feed, then the data. Only the data may hold line feeds.
func (s signed) base() []byte {
	return []byte(s.Version + "\n" + s.KeyID + "\n" + strconv.FormatInt(s.Sent, 10) + "\n" + s.Nonce + "\n" + s.Data)
}

// open gives the data of a message made within [PushSkew] by a known key and not seen before. The nonce is marked only after the
// signature was found good: else anyone could use up another's.
func (i Inbound) open(body []byte, now time.Time) (data string, err error) {
	if len(body) > MaxPushBody {
		return "", exchange.Errorf(exchange.BodyTooLarge, "a push has at most %d bytes", MaxPushBody)
	}
	var message signed
	if json.Unmarshal(body, &message, json.RejectUnknownMembers(true)) != nil {
		return "", exchange.Errorf(exchange.MalformedJSON, "the body is no signed message")
	}
	sent := time.UnixMilli(message.Sent)
	if now.Sub(sent).Abs() > PushSkew {
		return "", exchange.Errorf(exchange.SignatureExpired, "the message's time is more than %v off", PushSkew)
	}
	if !i.genuine(message) {
		return "", exchange.Errorf(exchange.SignatureInvalid, "the message's signature doesn't verify")
	}
	if err := i.use(message, sent); err != nil {
		return "", err
	}
	return message.Data, nil
}

func (i Inbound) genuine(message signed) bool {
	if message.Version != signedVersion || !plain(message.Nonce, minNonce) || !plain(message.KeyID, 1) {
		return false
	}
	key, known := i.Keys(message.KeyID)
	signature, err := base64.StdEncoding.Strict().DecodeString(message.Signature)
	return known && err == nil && key.Verify(message.base(), signature)
}

// use marks the nonce for as long as its message would be accepted, the last moment included.
func (i Inbound) use(message signed, sent time.Time) error {
	fresh, err := i.Nonces.Use(message.KeyID+" "+message.Nonce, sent.Add(PushSkew+time.Second))
	if err == nil && !fresh {
		return exchange.Errorf(exchange.RequestReplayed, "the message's nonce was used before")
	}
	return err
}

// plain reports whether a text is of printable ASCII without blanks, so that it moves no border between the signed lines.
func plain(text string, least int) bool {
	for _, char := range []byte(text) {
		if char <= ' ' || char >= 0x7f {
			return false
		}
	}
	return len(text) >= least && len(text) <= maxNonce
}
