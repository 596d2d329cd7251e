package suihaoban

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The endings of the signature headers, behind the prefix.
const (
	suffixPaasID    = "-paasid"
	suffixTimestamp = "-timestamp"
	suffixNonce     = "-nonce"
	suffixSignature = "-signature"
	suffixUID       = "-uid"
	suffixInfo      = "-uinfo"
	suffixExt       = "-ext"
)

const nonceBytes = 8 // 16 hex digits

// signer signs our calls to TIF, which accepts a timestamp within 180 s of its own clock.
type signer struct {
	prefix, paasID, token string
	clock                 func() time.Time
	random                io.Reader
}

// sign puts the headers of one attempt: TIF takes a nonce once.
func (s signer) sign(header http.Header) error {
	var random [nonceBytes]byte
	if _, err := io.ReadFull(s.random, random[:]); err != nil {
		return fmt.Errorf("make a nonce: %w", err)
	}
	timestamp, nonce := strconv.FormatInt(s.clock().Unix(), 10), hex.EncodeToString(random[:])
	header.Set(s.prefix+suffixPaasID, s.paasID)
	header.Set(s.prefix+suffixTimestamp, timestamp)
	header.Set(s.prefix+suffixNonce, nonce)
	header.Set(s.prefix+suffixSignature, upstreamSignature(timestamp, s.token, nonce))
	return nil
}

// upstreamSignature is the upper-case hex SHA-256 of timestamp, token, nonce and timestamp together.
func upstreamSignature(timestamp, token, nonce string) string {
	return upperSHA256(timestamp + token + nonce + timestamp)
}

// downstreamSignature covers, besides, who the citizen is whose call TIF passes on.
func downstreamSignature(timestamp, token, nonce string, visitor Visitor) string {
	return upperSHA256(timestamp + token + nonce + "," + visitor.UID + "," + visitor.Info + "," + visitor.Ext + timestamp)
}

func upperSHA256(text string) string {
	sum := sha256.Sum256([]byte(text))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}
