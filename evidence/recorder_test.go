package evidence_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
)

const citizen = "11010519491231002X"

var noon = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

// openJournal opens a real journal and closes it at the end.
func openJournal(t testing.TB, dir string) *journal.Log {
	t.Helper()
	j, err := journal.Open(t.Context(), journal.Config{Dir: dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	log, err := j.Log(t.Context(), journal.LogConfig{Name: "records"})
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func newVault(t testing.TB) *envelope.Vault {
	t.Helper()
	vault, err := envelope.NewVault(rand.Reader, "seal-1", map[string][]byte{"seal-1": []byte("0123456789abcdef")})
	if err != nil {
		t.Fatal(err)
	}
	return vault
}

func sample(t testing.TB) *exchange.Record {
	t.Helper()
	pseudonyms, err := evidence.NewPseudonyms([]byte("a pepper of more than 16 bytes"))
	if err != nil {
		t.Fatal(err)
	}
	id, err := exchange.ParseIDNumber(citizen, noon)
	if err != nil {
		t.Fatal(err)
	}
	return &exchange.Record{
		ID: "q-1", Time: noon, Operation: exchange.LicenceQuery, Platform: "suishenban", KeyID: "suishenban-1", Region: "310000",
		Subject: pseudonyms.Pseudonym(id), Purpose: exchange.Purpose{Code: "self-query", Case: "C1"}, Outcome: exchange.Answered,
		Revision: "rev", Disclosed: []exchange.Field{"status", "points"}, AnswerDigest: evidence.DigestHex([]byte("{}")),
		SignedBytes: []byte("\"@query\": ?id=" + citizen), Signature: []byte{0x30, 0x01}, Body: []byte(`{"subject":{"idNumber":"` + citizen + `"}}`),
	}
}

func TestRecordIsReadBackAfterRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var receipt exchange.Receipt
	t.Run("write", func(t *testing.T) {
		records := evidence.NewRecords(openJournal(t, dir), newVault(t), func() time.Time { return noon })
		var err error
		if receipt, err = records.Record(t.Context(), sample(t)); err != nil {
			t.Fatal(err)
		}
	})
	records := evidence.NewRecords(openJournal(t, dir), newVault(t), time.Now)
	entry, digest, err := records.Read(t.Context(), receipt.Index)
	if err != nil {
		t.Fatal(err)
	}
	if digest != receipt.Digest || receipt.Log != "records" || !receipt.RecordedAt.Equal(noon) {
		t.Errorf("digest %s, receipt %+v", digest, receipt)
	}
	signed, body, err := records.Unseal(&entry)
	if err != nil || !bytes.Equal(body, sample(t).Body) || !bytes.Equal(signed, sample(t).SignedBytes) {
		t.Errorf("signed %q, body %q, %v", signed, body, err)
	}
	if entry.Platform != "suishenban" || !bytes.Equal(entry.Signature, sample(t).Signature) || len(entry.Disclosed) != 2 {
		t.Errorf("entry %+v", entry)
	}
}

func TestStoredFormHoldsNoPersonalNumber(t *testing.T) {
	t.Parallel()
	log := openJournal(t, t.TempDir())
	records := evidence.NewRecords(log, newVault(t), time.Now)
	receipt, err := records.Record(t.Context(), sample(t))
	if err != nil {
		t.Fatal(err)
	}
	stored, err := log.Get(t.Context(), receipt.Index)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(stored.Data), citizen) || strings.Contains(string(stored.Data), "signedBytes") || strings.Contains(stored.Key, citizen) {
		t.Error("the stored record holds the personal number")
	}
	if stored.Key != sample(t).Subject {
		t.Errorf("key %q is not the pseudonym", stored.Key)
	}
}

func TestSealedBodyBelongsToItsRecord(t *testing.T) {
	t.Parallel()
	records := evidence.NewRecords(openJournal(t, t.TempDir()), newVault(t), time.Now)
	receipt, err := records.Record(t.Context(), sample(t))
	if err != nil {
		t.Fatal(err)
	}
	entry, _, err := records.Read(t.Context(), receipt.Index)
	if err != nil {
		t.Fatal(err)
	}
	entry.ID = "q-2"
	if _, _, err := records.Unseal(&entry); !errors.Is(err, envelope.ErrOpen) {
		t.Errorf("a body moved to another record opened: %v", err)
	}
}

// failing is a log that fails in both ways: before and after it stored the record.
type failing struct {
	evidence.Log
	err    error
	stored bool
}

func (f failing) Append(ctx context.Context, r journal.Record) (journal.Position, error) {
	if f.stored {
		if _, err := f.Log.Append(ctx, r); err != nil {
			return journal.Position{}, err
		}
	}
	return journal.Position{}, f.err
}

func TestRecordFailures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err    error
		stored bool
		want   exchange.Code
	}{
		"queue full":            {journal.ErrOverloaded, false, exchange.Overloaded},
		"disk full":             {journal.ErrFull, false, exchange.Internal},
		"failed, not stored":    {journal.ErrFailed, false, exchange.Internal},
		"failed, stored anyway": {journal.ErrFailed, true, exchange.Internal},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := openJournal(t, t.TempDir())
			records := evidence.NewRecords(failing{log, test.err, test.stored}, newVault(t), time.Now)
			receipt, err := records.Record(t.Context(), sample(t))
			if exchange.CodeOf(err) != test.want || !errors.Is(err, test.err) || receipt != (exchange.Receipt{}) {
				t.Errorf("receipt %+v, error %v, code %s", receipt, err, exchange.CodeOf(err))
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	log := openJournal(t, t.TempDir())
	records := evidence.NewRecords(log, newVault(t), time.Now)
	if _, _, err := records.Read(t.Context(), 0); !errors.Is(err, journal.ErrNotFound) {
		t.Errorf("an index never given out: %v", err)
	}
	for i, data := range []string{`{"v":2}`, `not json`} {
		if _, err := log.Append(t.Context(), journal.Record{Data: []byte(data)}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := records.Read(t.Context(), uint64(i)); !errors.Is(err, evidence.ErrUnreadable) {
			t.Errorf("%s: %v", data, err)
		}
	}
}

func TestPseudonyms(t *testing.T) {
	t.Parallel()
	if _, err := evidence.NewPseudonyms([]byte("short")); err == nil {
		t.Error("a pepper of 5 bytes was taken")
	}
	one, two := sample(t).Subject, sample(t).Subject
	other, err := evidence.NewPseudonyms([]byte("another pepper of 16 bytes and more"))
	if err != nil {
		t.Fatal(err)
	}
	id, _ := exchange.ParseIDNumber(citizen, noon)
	if one != two || one == other.Pseudonym(id) || len(one) != 64 {
		t.Errorf("pseudonyms %s, %s, %s", one, two, other.Pseudonym(id))
	}
}

func FuzzDecodeEntry(f *testing.F) {
	f.Add([]byte(`{"v":1,"id":"q-1","sealed":{"kid":"a","iv":"","ct":""}}`))
	vault := newVault(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		entry, err := evidence.DecodeEntry(data)
		if err != nil {
			return
		}
		_, _, _ = evidence.NewRecords(nil, vault, time.Now).Unseal(&entry) // must not panic
	})
}

func BenchmarkRecord(b *testing.B) {
	records := evidence.NewRecords(openJournal(b, b.TempDir()), newVault(b), time.Now)
	record := sample(b)
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := records.Record(context.Background(), record); err != nil {
				b.Error(err)
			}
		}
	})
}
