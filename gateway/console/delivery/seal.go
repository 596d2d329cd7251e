package delivery

import (
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"strconv"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// seal ties a preview's token to what its visitor was shown: who he is and how many deliveries it was. A token that was made wider, or
// swapped for a wider one, does not fit. Seals end with the process.
type seal struct{ key []byte }

func newSeal(random io.Reader) (seal, error) {
	key := make([]byte, smcrypto.DigestSize)
	if _, err := io.ReadFull(random, key); err != nil {
		return seal{}, fmt.Errorf("draw the key of previews: %w", err)
	}
	return seal{key}, nil
}

// shown is a preview as its visitor saw it, and as his form gives it back.
type shown struct {
	Token string
	Count int
	Seal  string
}

func (s seal) of(person, token string, count int) string {
	sum := smcrypto.HMACSM3(s.key, []byte("zhengqiao console preview v1\x00"), []byte(fmt.Sprintf("%d %s %d %s %d", len(person), person, len(token), token, count)))
	return hex.EncodeToString(sum[:])
}

func (s seal) shown(person, token string, count int) shown {
	return shown{token, count, s.of(person, token, count)}
}

// read takes a preview from a form or an address. false: it is not what this person was shown.
func (s seal) read(person string, from url.Values) (shown, bool) {
	count, err := strconv.Atoi(from.Get("count"))
	said := shown{from.Get("preview"), count, from.Get("seal")}
	return said, err == nil && said.Seal == s.of(person, said.Token, count)
}

// path is the preview's address: to load it anew shows the same deliveries, never more.
func (s shown) path() string {
	return "/changes/preview?" + url.Values{"preview": {s.Token}, "count": {strconv.Itoa(s.Count)}, "seal": {s.Seal}}.Encode()
}
