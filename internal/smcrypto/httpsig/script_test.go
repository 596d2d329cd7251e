package httpsig

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// The script is the stranger's client: it shares no code with this package.
const script = "../../../scripts/call-with-openssl.sh"

// gate is a small server that verifies requests and signs answers.
type gate struct {
	verifier *Verifier
	signer   *Signer
	status   int
	// tamper may change the signed answer before it is sent.
	tamper func(*Signer, *Response)
	fates  chan fate
}

// fate is what became of one request.
type fate struct {
	saw     Request
	refused error
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	answer := Response{Status: g.status, Header: w.Header(), Request: r.Header}
	f := fate{saw: FromHTTP(r, body)}
	if _, f.refused = g.verifier.Verify(r.Context(), f.saw); f.refused != nil {
		answer.Status = http.StatusUnauthorized
	}
	g.fates <- f
	// The answer ends without a line break and holds one: byte for byte matters.
	answer.Body = append([]byte("you sent\n"), body...)
	if _, err := g.signer.SignResponse(&answer); err != nil {
		panic(err)
	}
	if g.tamper != nil {
		g.tamper(g.signer, &answer)
	}
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.Body)
}

// call runs the script against the gate.
type call struct {
	gate           *gate
	url            string
	key, publicKey string
}

// newCall starts a gate that answers with the given status and may tamper.
func newCall(t *testing.T, status int, tamper func(*Signer, *Response)) *call {
	t.Helper()
	if testing.Short() {
		t.Skip("a call starts a dozen processes")
	}
	for _, tool := range []string{"bash", "openssl", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	folder := t.TempDir()
	client, gateway := newKey(t), newKey(t)
	c := &call{key: filepath.Join(folder, "client"), publicKey: filepath.Join(folder, "gateway.pub")}
	err := errors.Join(keys.WritePair(client, c.key, c.key+".pub"), keys.WritePair(gateway, c.publicKey+".key", c.publicKey))
	ring, ringErr := keys.NewRing(keys.Record{ID: "c1", Party: "c", Algorithm: keys.AlgorithmSign, Key: client.Public()})
	signer, signerErr := NewSigner("gw", gateway, time.Now, rand.Reader)
	verifier, verifierErr := NewVerifier(VerifierConfig{Keys: ring, Nonces: NewMemoryNonces(9, time.Now), Now: time.Now})
	if err := errors.Join(err, ringErr, signerErr, verifierErr); err != nil {
		t.Fatal(err)
	}
	c.gate = &gate{verifier: verifier, signer: signer, status: status, tamper: tamper, fates: make(chan fate, 1)}
	server := httptest.NewServer(c.gate)
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

func (c *call) run(t *testing.T, target, body string, more ...string) (exit int, stdout, stderr string) {
	t.Helper()
	arguments := append([]string{script, "--key", c.key, "--keyid", "c1", "--gateway-key", c.publicKey,
		"--url", c.url + target, "--body", "-"}, more...)
	command := exec.Command("bash", arguments...)
	var out, diagnostics bytes.Buffer
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(body), &out, &diagnostics
	err := command.Run()
	var exitError *exec.ExitError
	if err != nil && !errors.As(err, &exitError) {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), out.String(), diagnostics.String()
}

func TestScriptCalls(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		target, body, path, query string
		more                      []string
	}{
		"post":          {target: "/v1/licences/query", body: `{"a":"驾"}`, path: "/v1/licences/query"},
		"raw path":      {target: "/v1/a%2Fb/../c?x=%20&y", body: "1\n\n", path: "/v1/a%2Fb/../c", query: "x=%20&y"},
		"empty query":   {target: "/v1/status?", path: "/v1/status"},
		"no path":       {path: "/"},
		"get":           {target: "/v1/status", path: "/v1/status", more: []string{"--method", "GET"}},
		"put, no body":  {target: "/x", path: "/x", more: []string{"--method", "PUT"}},
		"binary answer": {target: "/x", path: "/x", body: "\x00\xff\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newCall(t, http.StatusOK, nil)
			exit, stdout, stderr := s.run(t, c.target, c.body, c.more...)
			if exit != 0 {
				t.Fatalf("exit %d\n%s", exit, stderr)
			}
			f := <-s.gate.fates
			if want := "you sent\n" + c.body; stdout != want {
				t.Errorf("stdout %q, want %q", stdout, want)
			}
			if f.refused != nil || f.saw.Path != c.path || f.saw.RawQuery != c.query {
				t.Errorf("saw path %q, query %q: %v", f.saw.Path, f.saw.RawQuery, f.refused)
			}
		})
	}
}

// A refusal that the gateway signed is shown, with a status of its own.
func TestScriptShowsSignedFailures(t *testing.T) {
	t.Parallel()
	s := newCall(t, http.StatusOK, nil)
	exit, stdout, stderr := s.run(t, "/x", "1", "--keyid", "nobody")
	if exit != 4 || stdout != "you sent\n1" || !strings.Contains(stderr, "HTTP 401") {
		t.Fatalf("exit %d, %q, %s", exit, stdout, stderr)
	}
	if f := <-s.gate.fates; !errors.Is(f.refused, ErrKeyUnknown) {
		t.Errorf("refused with %v", f.refused)
	}
	s = newCall(t, http.StatusServiceUnavailable, nil)
	if exit, _, _ := s.run(t, "/x", "1"); exit != 4 {
		t.Errorf("503: exit %d", exit)
	}
}

// An answer that was changed, or is not the gateway's own to this request, ends
// with exit status 3 and is not shown.
func TestScriptRefusesTamperedAnswers(t *testing.T) {
	t.Parallel()
	set := func(name, value string) func(*Signer, *Response) {
		return func(_ *Signer, r *Response) { r.Header[name] = []string{value} }
	}
	sign := func(signer *Signer, r *Response) {
		if _, err := signer.SignResponse(r); err != nil {
			panic(err)
		}
	}
	stranger := newSigner(t, "gw", newKey(t))
	for name, tamper := range map[string]func(own *Signer, r *Response){
		"body":             func(_ *Signer, r *Response) { r.Body[0] = 'Y' },
		"body cut":         func(_ *Signer, r *Response) { r.Body = r.Body[:len(r.Body)-1] },
		"line break added": func(_ *Signer, r *Response) { r.Body = append(r.Body, '\n') },
		"body and digest": func(_ *Signer, r *Response) {
			r.Body[0] = 'Y'
			r.Header.Set(HeaderDigest, ContentDigest(r.Body))
		},
		"status":          func(_ *Signer, r *Response) { r.Status = http.StatusCreated },
		"unsigned":        func(_ *Signer, r *Response) { r.Header.Del(HeaderSignature) },
		"no input":        func(_ *Signer, r *Response) { r.Header.Del(HeaderInput) },
		"no digest":       func(_ *Signer, r *Response) { r.Header.Del(HeaderDigest) },
		"doubled":         func(_ *Signer, r *Response) { r.Header.Add(HeaderSignature, r.Header.Get(HeaderSignature)) },
		"garbage":         set(HeaderSignature, "sig1=:AAAA:"),
		"not base64":      set(HeaderSignature, "sig1=:=:"),
		"weaker coverage": set(HeaderInput, `sig1=("@status");created=1;keyid="gw";tag="zhengqiao"`),
		"stranger's key":  func(_ *Signer, r *Response) { sign(stranger, r) },
		"other request": func(own *Signer, r *Response) {
			r.Request = http.Header{HeaderSignature: {"sig1=:AAAA:"}}
			sign(own, r)
		},
		"no request": func(own *Signer, r *Response) {
			r.Request = nil
			sign(own, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newCall(t, http.StatusOK, tamper)
			if exit, stdout, stderr := s.run(t, "/x", "1"); exit != 3 || stdout != "" {
				t.Errorf("exit %d, shown %q\n%s", exit, stdout, stderr)
			}
		})
	}
}

func TestScriptUsage(t *testing.T) {
	t.Parallel()
	s := newCall(t, http.StatusOK, nil)
	for name, more := range map[string][]string{
		"unknown option": {"--insecure", "x"}, "value missing": {"--method"}, "no host": {"--url", "/v1"},
		"user in the URL": {"--url", "http://a:b@127.0.0.1/"}, "empty key": {"--key", ""},
	} {
		if exit, stdout, _ := s.run(t, "/x", "", more...); exit != 2 || stdout != "" {
			t.Errorf("%s: exit %d", name, exit)
		}
	}
	if exit, _, _ := s.run(t, "/x", "", "--key", s.publicKey); exit != 1 {
		t.Errorf("a public key for signing: exit %d", exit)
	}
}
