package httpsig

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Key makes SM2 signatures; [smcrypto.PrivateKey] is one, a hardware module can
// be another.
type Key interface {
	Sign(random io.Reader, message []byte) (der []byte, err error)
}

// nonceBytes of randomness become 22 characters of a nonce: two clients with one
// key do not meet by accident.
const nonceBytes = 16

// Signer signs requests as a client and answers as a gateway. It is safe for
// concurrent use if its random source is.
type Signer struct {
	keyID  string
	key    Key
	now    func() time.Time
	random io.Reader
}

// NewSigner binds a key to the id under which the other side knows it. The id may
// hold printable ASCII except quotation marks and backslashes.
func NewSigner(keyID string, key Key, now func() time.Time, random io.Reader) (*Signer, error) {
	if key == nil || now == nil || random == nil {
		return nil, errors.New("httpsig: key, clock and random source are required")
	}
	notPlain := func(c rune) bool { return c < ' ' || c > '~' || c == '"' || c == '\\' }
	if keyID == "" || strings.ContainsFunc(keyID, notPlain) {
		return nil, errors.New("httpsig: the key id is not plain ASCII")
	}
	return &Signer{keyID: keyID, key: key, now: now, random: random}, nil
}

// SignRequest sets the three fields of the profile in r.Header, replacing what
// stood there, and returns the signature base.
func (s *Signer) SignRequest(r *Request) (base []byte, err error) {
	nonce, err := s.nonce()
	if err != nil {
		return nil, err
	}
	r.Header.Set(HeaderDigest, ContentDigest(r.Body))
	return s.sign(r.Header, requestComponents, `;nonce="`+nonce+`"`, r)
}

// SignHTTP is [Signer.SignRequest] for a client's request. Nothing that is covered
// (method, URL, Host) may change afterwards; body is what will be sent.
func (s *Signer) SignHTTP(r *http.Request, body []byte) error {
	request := FromHTTP(r, body)
	_, err := s.SignRequest(&request)
	return err
}

// SignResponse sets the three fields of the profile in r.Header and returns the
// signature base. If the request carries a signature that can be read, right or
// wrong, the answer covers it; else the answer stands alone.
func (s *Signer) SignResponse(r *Response) (base []byte, err error) {
	components := boundComponents
	if _, err := parseSignature(r.Request[HeaderSignature]); err != nil {
		components = unboundComponents
	}
	r.Header.Set(HeaderDigest, ContentDigest(r.Body))
	return s.sign(r.Header, components, "", r)
}

func (s *Signer) sign(header http.Header, components, nonce string, m message) ([]byte, error) {
	line := Label + "=(" + components + ");created=" + strconv.FormatInt(s.now().Unix(), 10) +
		nonce + `;keyid="` + s.keyID + `";tag="` + Tag + `"`
	in, err := parseInput([]string{line})
	if err != nil {
		return nil, err
	}
	base, err := in.base(m)
	if err != nil {
		return nil, err
	}
	signature, err := s.key.Sign(s.random, base)
	if err != nil {
		return nil, fmt.Errorf("httpsig: %w", err)
	}
	header.Set(HeaderInput, line)
	header.Set(HeaderSignature, byteMember(Label, signature))
	return base, nil
}

func (s *Signer) nonce() (string, error) {
	raw := make([]byte, nonceBytes)
	if _, err := io.ReadFull(s.random, raw); err != nil {
		return "", fmt.Errorf("httpsig: nonce: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}
