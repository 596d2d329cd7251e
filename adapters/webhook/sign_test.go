package webhook_test

import (
	"encoding/base64"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/webhook"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// signatures takes the header apart.
func signatures(t *testing.T, header http.Header) [][]byte {
	t.Helper()
	var all [][]byte
	for _, each := range strings.Split(header.Get("Webhook-Signature"), " ") {
		scheme, text, _ := strings.Cut(each, ",")
		signature, err := base64.StdEncoding.DecodeString(text)
		if scheme != "v1sm2" || err != nil {
			t.Fatalf("signature %s: %v", each, err)
		}
		all = append(all, signature)
	}
	return all
}

func content(header http.Header, body []byte) []byte {
	return append([]byte(header.Get("Webhook-Id")+"."+header.Get("Webhook-Timestamp")+"."), body...)
}

// TestSignatureVerifiesWithOpenSSL has another implementation judge, by the very commands that docs/webhook.md shows.
func TestSignatureVerifiesWithOpenSSL(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	private, public := newKey(t)
	box, receiver := posting(t, webhook.ContentFull, nil, files{"file:key": private}, outbound.Deps{})
	if err := receiver.Changes.Apply(t.Context(), sample(t)); err != nil {
		t.Fatal(err)
	}
	header, body := box.last()
	if out, err := byTheManual(t, header, body, public); err != nil {
		t.Errorf("openssl: %v: %s", err, out)
	}
	if out, err := byTheManual(t, header, append(body, ' '), public); err == nil {
		t.Errorf("openssl takes another body: %s", out)
	}
}

// byTheManual runs the specification's commands over a message.
func byTheManual(t *testing.T, header http.Header, body []byte, public string) (string, error) {
	t.Helper()
	_, commands, found := strings.Cut(specification(t), "```sh\n")
	commands, _, ended := strings.Cut(commands, "```")
	if !found || !ended {
		t.Fatal("the specification shows no commands")
	}
	dir := t.TempDir()
	for name, text := range map[string][]byte{"body": body, "gateway.pub.pem": []byte(public)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	shell := exec.CommandContext(t.Context(), "sh", "-c", commands)
	shell.Dir = dir
	shell.Env = append(os.Environ(), "webhook_id="+header.Get("Webhook-Id"), "webhook_timestamp="+header.Get("Webhook-Timestamp"),
		"webhook_signature="+header.Get("Webhook-Signature"))
	out, err := shell.CombinedOutput()
	return string(out), err
}

func specification(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/webhook.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestBothKeysSign: while keys are changed, who knows either of them can verify.
func TestBothKeysSign(t *testing.T) {
	t.Parallel()
	current, currentPublic := newKey(t)
	old, oldPublic := newKey(t)
	box, receiver := posting(t, "", func(c *webhook.Config) { c.OldKey = "file:old" }, files{"file:key": current, "file:old": old}, outbound.Deps{})
	if err := receiver.Changes.Apply(t.Context(), sample(t)); err != nil {
		t.Fatal(err)
	}
	header, body := box.last()
	made := signatures(t, header)
	if len(made) != 2 {
		t.Fatalf("%d signatures", len(made))
	}
	for i, text := range []string{currentPublic, oldPublic} {
		key, err := smcrypto.ParsePublicKeyPEM([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if !key.Verify(content(header, body), made[i]) || key.Verify(content(header, body), made[1-i]) {
			t.Errorf("signature %d is not key %d's alone", i, i)
		}
	}
	for name, public := range map[string]string{"only the new key": currentPublic, "only the old key": oldPublic} {
		if status := post(start(t, now, public), header, body); status != http.StatusOK {
			t.Errorf("who knows %s answers %d", name, status)
		}
	}
}

// TestEachAttemptIsSignedAnew: the id stays, the time is the attempt's, or a repetition could come too late.
func TestEachAttemptIsSignedAnew(t *testing.T) {
	t.Parallel()
	var seconds atomic.Int64
	clock := func() time.Time { return now().Add(time.Duration(seconds.Load()) * time.Second) }
	box, receiver := posting(t, "", nil, oneKey(t), outbound.Deps{Clock: clock})
	box.answer = func(writer http.ResponseWriter, attempt int) {
		if attempt == 1 {
			seconds.Store(600)
			writer.WriteHeader(http.StatusBadGateway)
			return
		}
		writer.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(writer, `{"licence":"6f1d0c9a5b7e","version":7}`)
	}
	if err := receiver.Changes.Apply(t.Context(), sample(t)); err != nil {
		t.Fatal(err)
	}
	for i, header := range box.headers {
		want := strconv.FormatInt(now().Unix()+int64(i)*600, 10)
		if header.Get("Webhook-Timestamp") != want || header.Get("Webhook-Id") != "6f1d0c9a5b7e/7" {
			t.Errorf("attempt %d: %v, want time %s", i, header, want)
		}
	}
	if len(box.headers) != 2 || box.headers[0].Get("Webhook-Signature") == box.headers[1].Get("Webhook-Signature") {
		t.Errorf("%d attempts, or one signature for both", len(box.headers))
	}
}

// noRandom is a source that has none.
type noRandom struct{}

func (noRandom) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestWithoutRandomNothingIsAsked(t *testing.T) {
	t.Parallel()
	box, receiver := posting(t, "", nil, oneKey(t), outbound.Deps{Random: noRandom{}})
	if _, err := receiver.Holdings.Held(t.Context(), exchange.Purpose{}, ""); exchange.CodeOf(err) != exchange.Internal || len(box.bodies) != 0 {
		t.Errorf("error %v, %d posted", err, len(box.bodies))
	}
	if err := receiver.Changes.Apply(t.Context(), sample(t)); exchange.CodeOf(err) != exchange.Internal || len(box.bodies) != 0 {
		t.Errorf("error %v, %d posted", err, len(box.bodies))
	}
}
