package gateway_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"testing"

	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
)

// newRecordingRig is a rig whose records are real ones, on the disk.
func newRecordingRig(t *testing.T) (*rig, *journal.Log, *evidence.Records) {
	t.Helper()
	j := must(journal.Open(t.Context(), journal.Config{Dir: t.TempDir()}, slog.New(slog.DiscardHandler)))(t)
	t.Cleanup(func() {
		if err := j.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	log := must(j.Log(t.Context(), journal.LogConfig{Name: "records"}))(t)
	vault := must(envelope.NewVault(rand.Reader, "seal-1", map[string][]byte{"seal-1": []byte("0123456789abcdef")}))(t)
	records := evidence.NewRecords(log, vault, testNow)
	r := newRig(t, func(deps *gateway.Deps) { deps.Broker.(*exchange.Broker).Recorder = records })
	return r, log, records
}

// A refusal for a number in the wrong place keeps the number out of the stored record, however it is written there; what was
// sent can still be proved by the sealed body.
func TestRefusedNumbersAreNotStored(t *testing.T) {
	t.Parallel()
	r, log, records := newRecordingRig(t)
	for _, member := range []string{
		`"code": "self-query"`, `"matter": "310105109000"`, `"matterName": "驾驶证信息查询"`, `"case": "202611240001"`,
		`"operator": "self"`, `"unit": "310000000000"`, `"unitName": "上海市大数据中心"`, `"legalBasis": "consent"`, `"provider": "wechat"`,
	} {
		name, _, _ := bytes.Cut([]byte(member), []byte(":"))
		body := bytes.Replace(testdata(t, "licence.json"), []byte(member), append(name, []byte(`: "`+idGood+`"`)...), 1)
		p := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", body)).problem(t)
		if len(p.Pointers) != 1 || p.Pointers[0].Code != "personal-number" || p.Receipt == nil {
			t.Fatalf("%s: came out as %s, %v", name, p.Code, p.Pointers)
		}
		index := uint64(p.Receipt.Index)
		for _, form := range writtenForms(idGood) {
			if stored := must(log.Get(t.Context(), index))(t); bytes.Contains(stored.Data, form) {
				t.Errorf("%s: the stored record holds the number as %s", name, form)
			}
		}
		entry, _, err := records.Read(t.Context(), index)
		if err != nil || entry.Purpose == (exchange.Purpose{}) {
			t.Errorf("%s: the record lost what else was said: %+v, %v", name, entry.Purpose, err)
		}
		if _, sent, err := records.Unseal(&entry); err != nil || !bytes.Equal(sent, body) {
			t.Errorf("%s: the sealed body is not the one sent: %v", name, err)
		}
	}
}

// writtenForms gives a text as it stands and as it comes out in the middle of base64, at each of the three offsets.
func writtenForms(text string) [][]byte {
	forms := [][]byte{[]byte(text)}
	for offset := range 3 {
		encoded := base64.StdEncoding.EncodeToString(append(make([]byte, offset), text...))
		whole := (offset + len(text)) / 3 * 4 // the last group also holds what follows
		forms = append(forms, []byte(encoded[(offset+2)/3*4:whole]))
	}
	return forms
}
