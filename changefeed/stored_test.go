package changefeed

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

func someKnown(t testing.TB) *Known {
	t.Helper()
	state, outcome := (*exchange.LicenceState)(nil).Apply(func() *exchange.Report {
		r := reported(t, "police", 1, 5, exchange.Facts{
			Status: "BD", Classes: []exchange.Class{"C1"}, ValidUntil: exchange.Date{Year: 2030, Month: 1, Day: 1}, LongTerm: new(false),
			CardNumber: "310000000001", Replacements: new(1), Points: new(12), CycleEnd: exchange.Date{Year: 2027, Month: 5, Day: 9},
		})
		r.Rank, r.Learned, r.Via = exchange.RankAuthority, now(), []string{"gateway-b"}
		return r
	}())
	return &Known{State: state, Subject: citizen(t), Outcome: outcome}
}

func TestStoredFormIsSealedAndReadBack(t *testing.T) {
	t.Parallel()
	book := NewBook(nil, newSealer(t), now)
	known := someKnown(t)
	data, err := book.seal(known)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"11010519491231002X", "阿卜杜拉", "310000000001", "police"} {
		if strings.Contains(string(data), secret) {
			t.Errorf("%s is readable", secret)
		}
	}
	entry := journal.Entry{Key: licenceKey(1), Data: data, Revision: 7}
	got, err := book.Open(&entry)
	if err != nil || got.Subject != known.Subject || got.Outcome != exchange.ReportAccepted || got.Revision != 7 {
		t.Fatalf("read back: %+v, %v", got, err)
	}
	before, _ := json.Marshal(known.State)
	after, _ := json.Marshal(got.State)
	if string(before) != string(after) {
		t.Errorf("state %s, was %s", after, before)
	}
	entry.Key = licenceKey(2)
	if _, err := book.Open(&entry); !errors.Is(err, ErrUnreadable) {
		t.Errorf("under another licence's key: %v", err)
	}
	entry = journal.Entry{Key: licenceKey(1), Data: data[:8]}
	if _, err := book.Open(&entry); !errors.Is(err, ErrUnreadable) {
		t.Errorf("cut short: %v", err)
	}
}

func TestStoredFormOfAnotherLicence(t *testing.T) {
	t.Parallel()
	sealer := newSealer(t)
	plain := `{"v":1,"outcome":"accepted","state":{"licence":"other"},"person":{"idNumber":"11010519491231002X"}}`
	sealed, err := sealer.Seal([]byte(plain), []byte("mine"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewBook(nil, sealer, now).Open(&journal.Entry{Key: "mine", Data: sealed}); !errors.Is(err, ErrUnreadable) {
		t.Errorf("error %v", err)
	}
}

func FuzzDecodeStored(f *testing.F) {
	for _, seed := range []string{
		`{"v":1,"outcome":"accepted","state":{"licence":"a","says":{"police":{"words":{"status":{"rank":3}}}}},"person":{"idNumber":"11010519491231002X"}}`,
		`{"v":2,"state":{"licence":"a"}}`, `{"v":1}`, `{"v":1,"state":{"licence":"a"},"person":{"idNumber":"110"}}`, `null`, "\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		known, err := decodeStored(plain, now())
		if err != nil {
			if !errors.Is(err, ErrUnreadable) || strings.Contains(err.Error(), "19491231") {
				t.Fatalf("error %v", err)
			}
			return
		}
		if known.State == nil || known.State.Licence == "" || known.Subject.IDNumber.IsZero() {
			t.Fatalf("%+v", known)
		}
		r := &exchange.Report{ID: "r", Reporter: "police", Rank: exchange.RankAuthority, Facts: zt("A"), Happened: now(), Learned: now()}
		known.State.Apply(r) // whatever was stored, a report can be put to it
	})
}
