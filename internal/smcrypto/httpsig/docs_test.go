package httpsig

import (
	"bufio"
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// page is docs/signature.md: the fenced blocks of its worked example by name.
type page map[string]string

func readPage(t *testing.T) page {
	t.Helper()
	text, err := os.ReadFile("../../../docs/signature.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := make(page)
	for i, part := range strings.Split(string(text), "```") {
		// Every second part lies between two fences.
		if name, content, ok := strings.Cut(part, "\n"); ok && i%2 == 1 {
			blocks[name] = strings.TrimSuffix(content, "\n")
		}
	}
	return blocks
}

// wire is a block of the page with the line ends of HTTP.
func (p page) wire(name string) *bufio.Reader {
	head, body, _ := strings.Cut(p[name], "\n\n")
	return bufio.NewReader(strings.NewReader(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body))
}

func (p page) request(t *testing.T) Request {
	t.Helper()
	r, err := http.ReadRequest(p.wire("request"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return FromHTTP(r, body)
}

func (p page) response(t *testing.T, request Request) Response {
	t.Helper()
	r, err := http.ReadResponse(p.wire("response"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return Response{Status: r.StatusCode, Header: r.Header, Body: body, Request: request.Header}
}

func (p page) ring(t *testing.T) *keys.Ring {
	t.Helper()
	client, err1 := smcrypto.ParsePublicKeyPEM([]byte(p["client-key"]))
	gateway, err2 := smcrypto.ParsePublicKeyPEM([]byte(p["gateway-key"]))
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	ring, err := keys.NewRing(
		keys.Record{ID: "suishenban-1", Party: "suishenban", Algorithm: keys.AlgorithmSign, Key: client},
		keys.Record{ID: "gw-1", Party: "gateway", Algorithm: keys.AlgorithmSign, Key: gateway})
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// A stranger who follows the page must arrive where this package does.
func TestWorkedExample(t *testing.T) {
	t.Parallel()
	p := readPage(t)
	ring, request := p.ring(t), p.request(t)
	config := VerifierConfig{Keys: ring, Nonces: NewMemoryNonces(1, at(moment)), Now: at(moment), Authorities: []string{"gateway.example:8080"}}
	verifier, err := NewVerifier(config)
	if err != nil {
		t.Fatal(err)
	}
	verified, err := verifier.Verify(context.Background(), request)
	if err != nil || string(verified.Base) != p["request-base"] {
		t.Errorf("request: %v, base\n%s", err, verified.Base)
	}
	if sum := smcrypto.SM3(verified.Base); hex.EncodeToString(sum[:]) != p["request-base-sm3"] {
		t.Errorf("SM3 of the base: %x", sum)
	}
	answers, err := NewAnswerVerifier(ring, "gateway", at(moment))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := answers.Verify(p.response(t, request))
	if err != nil || string(answer.Base) != p["response-base"] {
		t.Errorf("answer: %v, base\n%s", err, answer.Base)
	}
}

// The page's keys are the ones it says they are.
func TestWorkedExampleKeys(t *testing.T) {
	t.Parallel()
	ring := readPage(t).ring(t)
	d := smcrypto.SM3([]byte("zhengqiao example gateway key"))
	gateway, err := smcrypto.NewPrivateKey(d[:])
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]*smcrypto.PublicKey{"suishenban-1": standardKey(t).Public(), "gw-1": gateway.Public()} {
		if record, _ := ring.Key(id); !record.Key.Equal(want) {
			t.Errorf("%s is another key", id)
		}
	}
}

// Every code that a message can be refused with is explained on the page.
func TestPageNamesEveryRefusal(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../docs/signature.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("refusal.go")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for line := range strings.Lines(string(source)) {
		_, value, ok := strings.Cut(line, `Refusal = "`)
		if !ok {
			continue
		}
		named++
		// The last two are a client's own refusals of an answer.
		code := Refusal(value).Code()
		if code != "unbound" && code != "key-party" && !strings.Contains(string(text), "`"+code+"`") {
			t.Errorf("docs/signature.md does not explain %s", code)
		}
	}
	if named < 25 {
		t.Errorf("found only %d refusals", named)
	}
}
