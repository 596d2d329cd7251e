package gateway

import (
	"errors"
	"io"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// Envelope encrypts payloads and opens them; [Envelopes] is one. Both sides derive aad from the message around the envelope,
// so that no envelope fits into another message: for a request it is "METHOD path", such as "POST /v1/licences/query"; for an
// answer the value of the request's Signature field.
type Envelope interface {
	// Open decrypts what a platform encrypted for this gateway.
	Open(text, aad []byte) ([]byte, error)
	// Seal encrypts for a platform that signed its request with the key keyID.
	Seal(platform, keyID string, content, aad []byte) ([]byte, error)
}

// Envelopes is the payload envelope over SM2 keys. All members are required.
type Envelopes struct {
	// Own finds the gateway's private keys by key id, retired ones included.
	Own envelope.KeyRing
	// Recipient finds the key to encrypt an answer for, given the platform and the key id that its request was signed with.
	Recipient func(platform, keyID string) (kid string, key *smcrypto.PublicKey, ok bool)
	// Random is a cryptographic source, safe for concurrent use.
	Random io.Reader
}

var _ Envelope = Envelopes{}

// Open implements [Envelope]. The errors are those of the package envelope.
func (e Envelopes) Open(text, aad []byte) ([]byte, error) { return envelope.Open(text, e.Own, aad) }

// Seal implements [Envelope].
func (e Envelopes) Seal(platform, keyID string, content, aad []byte) ([]byte, error) {
	kid, key, ok := e.Recipient(platform, keyID)
	if !ok {
		return nil, errors.New("gateway: the platform has no key to encrypt for")
	}
	return envelope.Seal(e.Random, kid, key, content, aad)
}

// plain gives the JSON of a request body, decrypted if it came in an envelope, and holds the platform to its agreed mode.
func (g *Gateway) plain(c echo.Context, v *visit) ([]byte, error) {
	enveloped, err := mediaOf(c.Request().Header)
	if err != nil {
		return nil, err
	}
	if !enveloped {
		if v.platform.Envelope.demanded() {
			return nil, &exchange.Error{Code: exchange.EnvelopeRequired}
		}
		return v.body, nil
	}
	if g.deps.Envelope == nil || v.platform.Envelope == EnvelopeOff {
		return nil, exchange.Errorf(exchange.EnvelopeInvalid, "no envelope was agreed upon")
	}
	v.enveloped = true
	content, err := g.deps.Envelope.Open(v.body, requestAAD(c))
	if err != nil {
		return nil, exchange.Errorf(exchange.EnvelopeInvalid, "open the envelope: %w", err)
	}
	return content, nil
}

func requestAAD(c echo.Context) []byte {
	return []byte(c.Request().Method + " " + c.Request().URL.Path)
}

// encrypted says whether the answer must go out in an envelope.
func (v *visit) encrypted() bool { return v.enveloped || v.platform.Envelope.demanded() }

func (g *Gateway) seal(c echo.Context, v *visit, body []byte) ([]byte, error) {
	if g.deps.Envelope == nil {
		return nil, errors.New("no envelope is configured")
	}
	return g.deps.Envelope.Seal(v.platform.ID, v.caller.KeyID, body, []byte(c.Request().Header.Get(httpsig.HeaderSignature)))
}
