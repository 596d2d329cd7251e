package standin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"sync/atomic"
)

// Mint makes secrets, sessions and tickets: different each time, the same in each run. That is right for a stand-in, whose
// secrets protect nothing, and wrong for anything else.
type Mint struct{ made atomic.Int64 }

// Next gives 32 hexadecimal characters.
func (m *Mint) Next(purpose string) string {
	digest := hmac.New(sha256.New, []byte(purpose))
	digest.Write([]byte(strconv.FormatInt(m.made.Add(1), 10)))
	return hex.EncodeToString(digest.Sum(nil)[:16])
}
