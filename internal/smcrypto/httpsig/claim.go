package httpsig

import (
	"net/http"

	"github.com/dunglas/httpsfv"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// claim is what the signature fields of a message say, in the form of the profile
// and not yet believed.
type claim struct {
	input
	parameters
	signature []byte
}

// parameters are the signature parameters of the profile (RFC 9421 section 2.3).
type parameters struct {
	created int64
	nonce   string
	keyID   string
	tag     string
	alg     string
	present int // bits of has…
}

const (
	hasCreated = 1 << iota
	hasNonce
	hasKeyID
	hasTag
	hasAlg

	answerParameters  = hasCreated | hasKeyID | hasTag
	requestParameters = answerParameters | hasNonce
)

// claim reads the signature fields and holds them to the profile.
func (p profile) claim(header http.Header) (claim, error) {
	in, err := p.read(header[HeaderInput])
	if err != nil {
		return claim{}, err
	}
	signature, err := parseSignature(header[HeaderSignature])
	if err != nil {
		return claim{}, err
	}
	values, err := in.parameters()
	if err == nil {
		err = values.check(p.required)
	}
	return claim{input: in, parameters: values, signature: signature}, err
}

// parameters gives the parameters, which may lack some.
func (in input) parameters() (parameters, error) {
	if in.given == nil {
		return in.plain, nil
	}
	return parseParameters(in.given)
}

func parseParameters(given *httpsfv.Params) (parameters, error) {
	var p parameters
	for _, name := range given.Names() {
		value, _ := given.Get(name)
		if err := p.set(name, value); err != nil {
			return parameters{}, err
		}
	}
	return p, nil
}

func (p *parameters) set(name string, value any) error {
	ok := false
	switch name {
	case "created":
		p.created, ok = value.(int64)
		p.present |= hasCreated
	case "nonce":
		p.nonce, ok = value.(string)
		p.present |= hasNonce
	case "keyid":
		p.keyID, ok = value.(string)
		p.present |= hasKeyID
	case "tag":
		p.tag, ok = value.(string)
		p.present |= hasTag
	case "alg":
		p.alg, ok = value.(string)
		p.present |= hasAlg
	default:
		return ErrParameterUnknown
	}
	if !ok {
		return ErrParameterMalformed
	}
	return nil
}

func (p *parameters) check(required int) error {
	switch {
	case p.present&^(required|hasAlg) != 0:
		return ErrParameterUnknown
	case p.present&required != required:
		return ErrParameterMissing
	case p.tag != Tag:
		return ErrTag
	case p.present&hasAlg != 0 && p.alg != keys.AlgorithmSign:
		return ErrAlgorithm
	case p.present&hasNonce != 0 && !validNonce(p.nonce):
		return ErrNonceFormat
	}
	return nil
}

// validNonce keeps nonces printable everywhere, as a key of a store included.
func validNonce(nonce string) bool {
	if len(nonce) < MinNonce || len(nonce) > MaxNonce {
		return false
	}
	for _, c := range []byte(nonce) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
