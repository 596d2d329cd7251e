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

	request, bound, unbound profile
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
	s := &Signer{keyID: keyID, key: key, now: now, random: random}
	if err := s.prepare(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Signer) prepare() (err error) {
	if s.request, err = newProfile(requestComponents, requestParameters); err != nil {
		return err
	}
	if s.bound, err = newProfile(boundComponents, answerParameters); err != nil {
		return err
	}
	s.unbound, err = newProfile(unboundComponents, answerParameters)
	return err
}

// SignRequest sets the three fields of the profile in r.Header, replacing what
// stood there, and returns the signature base.
func (s *Signer) SignRequest(r *Request) (base []byte, err error) {
	nonce, err := s.nonce()
	if err != nil {
		return nil, err
	}
	r.Header.Set(HeaderDigest, ContentDigest(r.Body))
	return s.sign(r.Header, s.request, `;nonce="`+nonce+`"`, r)
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
	p := s.bound
	if _, err := parseSignature(r.Request[HeaderSignature]); err != nil {
		p = s.unbound
	}
	r.Header.Set(HeaderDigest, ContentDigest(r.Body))
	return s.sign(r.Header, p, "", r)
}

// sign writes the parameters in canonical form: the key id was checked when the
// signer was made, everything else is ours.
func (s *Signer) sign(header http.Header, p profile, nonce string, m message) ([]byte, error) {
	parameters := ";created=" + strconv.FormatInt(s.now().Unix(), 10) + nonce +
		`;keyid="` + s.keyID + `";tag="` + Tag + `"`
	base, err := p.input(parameters, nil).base(m)
	if err != nil {
		return nil, err
	}
	signature, err := s.key.Sign(s.random, base)
	if err != nil {
		return nil, fmt.Errorf("httpsig: %w", err)
	}
	header.Set(HeaderInput, p.prefix+parameters)
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
