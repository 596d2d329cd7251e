// Package client calls the gateway's contract: it signs each request by the gateway's message-signature profile, optionally
// encrypts its payload, and trusts an answer only after its signature, its digest and its tie to the request were verified.
// It stops at bytes and problems: what an answer says is for the caller to decode.
package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// maxAnswerBytes bounds what is read of an answer; a picture is the largest.
const maxAnswerBytes = 8 << 20

// Config says who calls whom.
type Config struct {
	// BaseURL is the gateway's, such as https://gateway.example. Required.
	BaseURL string
	// EncryptFor is the key id of the gateway, in Gateway, to encrypt payloads for; empty: they go out in the clear. Answers in
	// envelopes are opened either way, if Key is able to decrypt, as [smcrypto.PrivateKey] is.
	EncryptFor string
	// KeyID and Key sign the requests. Required.
	KeyID string
	Key   httpsig.Key
	// Gateway holds the public keys that the gateway may answer with, all of the party [GatewayParty]. Required.
	Gateway *keys.Ring
	// HTTP is the transport; nil: one with a 10 s time-out. It must not follow redirects with signed requests.
	HTTP *http.Client
	// Now and Random are the clock and the source of nonces. Required.
	Now    func() time.Time
	Random io.Reader
	// Language is sent as Accept-Language; empty: zh-CN.
	Language string
}

// GatewayParty is the party that owns the gateway's keys in [Config.Gateway].
const GatewayParty = "gateway"

// Client calls one gateway as one platform. It is safe for concurrent use.
type Client struct {
	config   Config
	signer   *httpsig.Signer
	verifier *httpsig.AnswerVerifier
}

// New checks the configuration.
func New(config Config) (*Client, error) {
	if config.BaseURL == "" || config.Gateway == nil {
		return nil, errors.New("client: base URL and the gateway's keys are required")
	}
	signer, err := httpsig.NewSigner(config.KeyID, config.Key, config.Now, config.Random)
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	verifier, err := httpsig.NewAnswerVerifier(config.Gateway, GatewayParty, config.Now)
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	if config.HTTP == nil {
		config.HTTP = &http.Client{Timeout: 10 * time.Second, CheckRedirect: noRedirect}
	}
	if config.Language == "" {
		config.Language = "zh-CN"
	}
	config.BaseURL = strings.TrimSuffix(config.BaseURL, "/")
	return &Client{config: config, signer: signer, verifier: verifier}, nil
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Reply is a verified answer.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	// SignedBase is the signature base that the gateway signed.
	SignedBase []byte
	// RequestBase is the signature base that we signed.
	RequestBase []byte
	// Encrypted says that the answer came in an envelope; Body is its content.
	Encrypted bool
	Took      time.Duration
}

// OK reports whether the gateway did what was asked.
func (r *Reply) OK() bool { return r.Status >= 200 && r.Status < 300 }

// ErrUntrusted is in the chain of every error that means: something answered, but not provably the gateway, or not to this
// request. Nothing of such an answer is returned.
var ErrUntrusted = errors.New("the answer is not provably the gateway's")

// Call sends body to path, such as /v1/licences/query, and returns the verified answer, a problem included. An empty body is a
// GET.
func (c *Client) Call(ctx context.Context, path string, body []byte) (*Reply, error) {
	method := http.MethodPost
	if body == nil {
		method = http.MethodGet
	}
	request, base, err := c.request(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	return c.exchange(request, base)
}

func (c *Client) request(ctx context.Context, method, path string, body []byte) (*http.Request, []byte, error) {
	body, media, err := c.seal(method, path, body)
	if err != nil {
		return nil, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, method, c.config.BaseURL+path, bytes.NewReader(body))
	if err != nil {
		return nil, nil, fmt.Errorf("client: %w", err)
	}
	if body != nil {
		r.Header.Set("Content-Type", media)
	}
	r.Header.Set("Accept-Language", c.config.Language)
	signed := httpsig.FromHTTP(r, body)
	base, err := c.signer.SignRequest(&signed)
	if err != nil {
		return nil, nil, fmt.Errorf("client: sign: %w", err)
	}
	return r, base, nil
}

func (c *Client) exchange(request *http.Request, base []byte) (*Reply, error) {
	start := c.config.Now()
	response, err := c.config.HTTP.Do(request)
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswerBytes+1))
	if err != nil {
		return nil, fmt.Errorf("client: read the answer: %w", err)
	}
	if len(body) > maxAnswerBytes {
		return nil, fmt.Errorf("client: the answer is larger than %d bytes", maxAnswerBytes)
	}
	verified, err := c.verifier.Verify(httpsig.Response{
		Status: response.StatusCode, Header: response.Header, Body: body, Request: request.Header,
	})
	if err != nil {
		return nil, fmt.Errorf("client: %w (HTTP %d): %w", ErrUntrusted, response.StatusCode, err)
	}
	content, encrypted, err := c.open(request, response.Header, body)
	if err != nil {
		return nil, err
	}
	return &Reply{
		Status: response.StatusCode, Header: response.Header, Body: content, Encrypted: encrypted, SignedBase: verified.Base, RequestBase: base,
		Took: c.config.Now().Sub(start),
	}, nil
}
