package evidence

import (
	"encoding/hex"
	"errors"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// pseudonymLabel keeps these values apart from any other use of the same secret.
const pseudonymLabel = "zhengqiao pseudonym v1\x00"

// minPepper is the shortest pepper: 128 bits.
const minPepper = 16

// Pseudonyms stands in for ID numbers by HMAC-SM3 under a secret pepper, in hex. The same number always gets the same
// pseudonym; without the pepper the 10^17 possible numbers can't be tried out.
type Pseudonyms struct{ pepper []byte }

// NewPseudonyms takes a pepper of 16 bytes or more.
func NewPseudonyms(pepper []byte) (*Pseudonyms, error) {
	if len(pepper) < minPepper {
		return nil, errors.New("evidence: a pepper has 16 bytes or more")
	}
	return &Pseudonyms{pepper: append([]byte(nil), pepper...)}, nil
}

// Pseudonym implements [exchange.Pseudonyms].
func (p *Pseudonyms) Pseudonym(n exchange.IDNumber) string {
	sum := smcrypto.HMACSM3(p.pepper, []byte(pseudonymLabel), []byte(n.Reveal()))
	return hex.EncodeToString(sum[:])
}

// DigestHex gives the SM3 digest in hex, as receipts and records show it.
func DigestHex(data []byte) string {
	sum := smcrypto.SM3(data)
	return hex.EncodeToString(sum[:])
}
