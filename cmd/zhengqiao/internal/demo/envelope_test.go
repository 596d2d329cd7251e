package demo_test

import (
	"bytes"
	"testing"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// TestEnvelopeModes asks as platforms that must not, may and must encrypt, in the clear and in an envelope.
func TestEnvelopeModes(t *testing.T) {
	t.Parallel()
	r := start(t, func(text string) string {
		text = replace("- id: suishenban\n    region: \"310000\"\n    encryption: optional", "- id: suishenban\n    region: \"310000\"\n    encryption: off")(text)
		return replace("- id: suihaoban\n    region: \"440000\"\n    encryption: optional", "- id: suihaoban\n    region: \"440000\"\n    encryption: required")(text)
	})
	for _, test := range []struct {
		platform, persona, encryptFor, code string
		encrypted                           bool // the answer
	}{
		{"suishenban", "normal-shanghai", "", "", false},
		{"suishenban", "normal-shanghai", "gateway-1", "envelope-invalid", false},
		{"zheliban", "normal-zhejiang", "", "", false},
		{"zheliban", "normal-zhejiang", "gateway-1", "", true},
		{"zheliban", "no-licence", "gateway-1", "policy-refused", false}, // a problem holds no personal data and is not encrypted
		{"suihaoban", "probation", "", "envelope-required", false},
		{"suihaoban", "probation", "gateway-1", "", true},
	} {
		settings := r.settings(t, test.platform+"-1", test.platform+".key.pem")
		settings.EncryptFor = test.encryptFor
		body := r.question(t, test.persona, "licence")
		if test.persona == "no-licence" { // a reminder about another province's licence
			body = bytes.Replace(body, []byte("self-query"), []byte("reminder"), 1)
		}
		reply := call(t, newClient(t, settings), "/v1/licences/query", body)
		if code := codeOf(t, reply); code != test.code || reply.Encrypted != test.encrypted {
			t.Errorf("%s for %q: code %q, encrypted %t; want %q, %t", test.platform, test.encryptFor, code, reply.Encrypted, test.code, test.encrypted)
		}
	}
	if reply := call(t, r.platform(t, "suihaoban"), "/v1/capabilities", nil); !reply.Encrypted || !bytes.Contains(reply.Body, []byte(`"capabilities"`)) {
		t.Errorf("capabilities of a platform that must encrypt: %t %s", reply.Encrypted, reply.Body)
	}
}

func TestEnvelopeThatCannotBe(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	settings := r.settings(t, "zheliban-1", "zheliban.key.pem")
	settings.EncryptFor = "gateway-9"
	if _, err := newClient(t, settings).Call(t.Context(), "/v1/licences/query", []byte("{}")); err == nil {
		t.Error("encrypted for a key that the gateway does not have")
	}
	settings.EncryptFor = "gateway-1"
	settings.Key = struct{ httpsig.Key }{settings.Key} // it signs and can't decrypt
	if _, err := newClient(t, settings).Call(t.Context(), "/v1/licences/query", r.question(t, "normal-zhejiang", "licence")); err == nil {
		t.Error("an answer that our key can't open was given out")
	}
}
