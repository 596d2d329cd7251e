package client

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

const (
	plainMedia    = "application/json"
	envelopeMedia = "application/vnd.zhengqiao.envelope+json"
)

// seal puts a request's body into an envelope for the gateway, if that is wanted, and says what media type goes out. The associated
// data bind it to method and path, so that it opens in no other request.
func (c *Client) seal(method, path string, body []byte) (sealed []byte, media string, err error) {
	if c.config.EncryptFor == "" || body == nil {
		return body, plainMedia, nil
	}
	recipient, ok := c.config.Gateway.Key(c.config.EncryptFor)
	if !ok || recipient.Party != GatewayParty {
		return nil, "", fmt.Errorf("client: the gateway has no key %q to encrypt for", c.config.EncryptFor)
	}
	sealed, err = envelope.Seal(c.config.Random, recipient.ID, recipient.Key, body, []byte(method+" "+path))
	if err != nil {
		return nil, "", fmt.Errorf("client: %w", err)
	}
	return sealed, envelopeMedia, nil
}

// open takes a verified answer out of its envelope, if it came in one. It is encrypted for the key that signed the request and
// bound to that request's signature.
func (c *Client) open(request *http.Request, header http.Header, body []byte) (content []byte, encrypted bool, err error) {
	if header.Get("Content-Type") != envelopeMedia {
		return body, false, nil
	}
	own, ok := c.config.Key.(envelope.Unwrapper)
	if !ok {
		return nil, true, errors.New("client: the answer is encrypted, and our key can't decrypt")
	}
	ring := func(kid string) (envelope.Unwrapper, bool) { return own, kid == c.config.KeyID }
	content, err = envelope.Open(body, ring, []byte(request.Header.Get(httpsig.HeaderSignature)))
	if err != nil {
		return nil, true, fmt.Errorf("client: open the answer: %w", err)
	}
	return content, true, nil
}
