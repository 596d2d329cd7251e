package app

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/policies/publish/people"
)

// packed is a candidate of a moment.
func packed(t *testing.T, at time.Time) *publish.Bundle {
	t.Helper()
	files, err := publish.FromFolder(policies.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	b, err := publish.Pack(files, publish.NewStatement(files, smcrypto.NewSM3, "li.wei", "", "a test", at), smcrypto.NewSM3)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newTray(t *testing.T) tray {
	t.Helper()
	j, _ := ledgerOf(t)
	state, err := j.State(t.Context(), journal.StateConfig{Name: "tray"})
	if err != nil {
		t.Fatal(err)
	}
	return tray{state}
}

// TestTray: candidates are kept whole, six at most, their places used again; one that was listed and never came counts for nothing and
// gives its place back.
func TestTray(t *testing.T) {
	t.Parallel()
	tr := newTray(t)
	var first trayed
	for i := range len(slots()) {
		one, err := tr.put(t.Context(), packed(t, morning.Add(time.Duration(i)*time.Second)), "li.wei", []byte(`{"widens":true}`), morning)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = one
		}
	}
	if _, err := tr.put(t.Context(), packed(t, morning.Add(time.Hour)), "li.wei", nil, morning); !errors.Is(err, errTrayFull) {
		t.Errorf("one too many: %v", err)
	}
	if packed, _, failed := tr.open(t.Context(), first); failed == nil {
		if again, err := tr.put(t.Context(), packed, "another", nil, morning); err != nil || again.ID != first.ID || again.By != first.By {
			t.Errorf("brought a second time: %+v, %v", again, err)
		}
	}
	report, err := tr.report(t.Context(), first)
	if b, _, failed := tr.open(t.Context(), first); failed != nil || candidateID(b) != first.ID || err != nil || string(report) != `{"widens":true}` {
		t.Errorf("the first: %v, %v, %s", failed, err, report)
	}
	if err := tr.drop(t.Context(), first.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := tr.find(t.Context(), first.ID); exchange.CodeOf(err) != exchange.NotFound {
		t.Errorf("dropped: %v", err)
	}
	all, revision, err := tr.list(t.Context())
	if err != nil || len(all) != len(slots())-1 {
		t.Fatalf("%d, %v", len(all), err)
	}
	lost := trayed{ID: "lost-1", Slot: first.Slot, By: "li.wei", At: morning}
	if err := tr.write(t.Context(), append(all, lost), revision); err != nil {
		t.Fatal(err)
	}
	if _, _, err := tr.open(t.Context(), lost); exchange.CodeOf(err) != exchange.NotFound {
		t.Errorf("another's bundle in its place: %v", err)
	}
	later := morning.Add(2 * time.Hour)
	if one, err := tr.put(t.Context(), packed(t, later), "li.wei", nil, later); err != nil || one.Slot != first.Slot {
		t.Errorf("in the place of the lost one: %+v, %v", one, err)
	}
}

// TestCountersign: only signatures of the role whose step it is are taken over, and only under the candidate itself.
func TestCountersign(t *testing.T) {
	t.Parallel()
	tr := newTray(t)
	pens, register := signers(t)
	c := consolePublishing{tray: tr, app: &App{bundles: &bundles{register: register}}}
	candidate := packed(t, morning)
	one, err := tr.put(t.Context(), candidate, "li.wei", nil, morning)
	if err != nil {
		t.Fatal(err)
	}
	copied := packed(t, morning)
	if err := copied.Sign(publish.Author, "li.wei", "li.wei-1", pens["li.wei"]); err != nil {
		t.Fatal(err)
	}
	if _, err := c.joined(t.Context(), one, publish.Approver, copied); publish.CodeOf(err) != publish.UnknownSigner {
		t.Errorf("an author as approver: %v", err)
	}
	if _, err := c.joined(t.Context(), one, publish.Author, packed(t, morning)); publish.CodeOf(err) != publish.Unsigned {
		t.Errorf("no signature: %v", err)
	}
	if _, err := c.joined(t.Context(), one, publish.Author, packed(t, morning.Add(time.Second))); publish.CodeOf(err) != publish.Tampered {
		t.Errorf("another bundle: %v", err)
	}
	if _, err := c.joined(t.Context(), one, publish.Author, copied); err != nil {
		t.Error(err)
	}
	if b, _, err := tr.open(t.Context(), one); err != nil || !b.SignedByAuthor() {
		t.Errorf("not kept: %v", err)
	}
}

func signers(t *testing.T) (map[string]people.Pen, *people.Register) {
	t.Helper()
	key, err := smcrypto.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	register, err := people.NewRegister(people.Person{ID: "li.wei", Author: true, Keys: []keys.Record{{ID: "li.wei-1", Party: "li.wei", Algorithm: keys.AlgorithmSign, Key: key.Public()}}})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]people.Pen{"li.wei": {Key: key, Random: rand.Reader}}, register
}
