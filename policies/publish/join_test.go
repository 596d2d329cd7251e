package publish_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// copyOf is the bundle as somebody else has it.
func copyOf(t testing.TB, b *publish.Bundle) *publish.Bundle {
	t.Helper()
	read, err := publish.Read(bytes.NewReader(encode(t, b)), smcrypto.NewSM3)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// TestJoin: people sign copies of one bundle, and all of it comes together; a copy of anything else, or with a signature that doesn't hold,
// adds nothing.
func TestJoin(t *testing.T) {
	t.Parallel()
	o := theOffice(t)
	files := edited(t, "join")
	unsigned, err := publish.Pack(files, publish.NewStatement(files, smcrypto.NewSM3, "li.wei", "", "a test", noon), smcrypto.NewSM3)
	if err != nil {
		t.Fatal(err)
	}
	author, first, second := copyOf(t, unsigned), copyOf(t, unsigned), copyOf(t, unsigned)
	o.sign(t, author, publish.Author, "li.wei")
	o.sign(t, first, publish.Approver, "wang.fang")
	o.sign(t, second, publish.Approver, "zhao.min")
	for _, signed := range []*publish.Bundle{author, first, second, first} {
		if _, err := unsigned.Join(signed, o, noon); err != nil {
			t.Fatal(err)
		}
	}
	if got := unsigned.Approvers(); !slices.Equal(got, []string{"wang.fang", "zhao.min"}) || !unsigned.SignedByAuthor() || unsigned.Verify(o, noon) != nil {
		t.Errorf("approved by %v", got)
	}
	if _, err := unsigned.Join(o.draft(t, files, noon.Add(time.Second)), o, noon); publish.CodeOf(err) != publish.Tampered {
		t.Errorf("packed anew: %v", err)
	}
	ended := copyOf(t, author)
	o.sign(t, ended, publish.Approver, "sun.li")
	if joined, err := author.Join(ended, o, noon); publish.CodeOf(err) != publish.KeyExpired || len(joined) > 0 || len(author.Signatures) != 1 {
		t.Errorf("by a key that has ended: %v", err)
	}
}

// TestStrangersNamesAreClipped: who is nobody can't fill a log by the names that he gives.
func TestStrangersNamesAreClipped(t *testing.T) {
	t.Parallel()
	o := theOffice(t)
	long := strings.Repeat("x", 10_000)
	for name, signature := range map[string]publish.Signature{
		"role":   {Role: publish.Role(long), Party: "li.wei", Key: "k"},
		"author": {Role: publish.Author, Party: long, Key: "k"},
		"party":  {Role: publish.Approver, Party: long, Key: "k"},
		"key":    {Role: publish.Approver, Party: "wang.fang", Key: long},
	} {
		b := o.draft(t, base(t), noon)
		b.Signatures = append(b.Signatures, signature)
		if err := b.Verify(o, noon); err == nil || len(err.Error()) > 500 {
			t.Errorf("%s: %d bytes", name, len(err.Error()))
		}
	}
}

// TestStandingTellsItsHistory: publications are numbered, say whether they widen, and what a step back took is still told.
func TestStandingTellsItsHistory(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i, widens := range []bool{false, true} {
		r.now = noon.Add(time.Duration(i+1) * time.Minute)
		r.rehearsed.verdict.Widens = widens
		if _, err := r.Publish(t.Context(), encode(t, r.draft(t, edited(t, r.now.String()), r.now, "wang.fang", "zhao.min"))); err != nil {
			t.Fatal(err)
		}
	}
	second := r.standing.Active
	files, packed, err := r.InForce(t.Context())
	if err != nil || packed == nil || files.Revision(smcrypto.NewSM3) != second.Revision {
		t.Errorf("in force: %v", err)
	}
	if got := files.Differing(base(t)); !slices.Equal(got, []string{"data/limits.yaml"}) || len(files.Differing(files)) > 0 {
		t.Errorf("differing: %v", got)
	}
	order := publish.Rollback{From: second.Content, To: r.standing.Former[1].Content, Sequence: second.Sequence + 1, Reason: "too much", By: "wang.fang"}
	text, err := publish.SignRollback(order, "wang.fang-1", r.pens["wang.fang"], smcrypto.NewSM3)
	if err != nil {
		t.Fatal(err)
	}
	standing, err := r.Rollback(t.Context(), text)
	if err != nil || second.Number != 2 || !second.Widens || standing.Active.Number != 1 || standing.Active.Widens {
		t.Errorf("%+v, %v", standing.Active, err)
	}
	if len(standing.Undone) != 1 || standing.Undone[0].Revision != second.Revision || standing.Undone[0].By != "wang.fang" || standing.Undone[0].Why != "too much" {
		t.Errorf("undone: %+v", standing.Undone)
	}
	r.now = noon.Add(time.Hour)
	if standing, err = r.Publish(t.Context(), encode(t, r.draft(t, edited(t, "third"), r.now, "wang.fang", "zhao.min"))); err != nil || standing.Active.Number != 3 {
		t.Errorf("after it: %+v, %v", standing.Active, err)
	}
}

// TestTheSameBundleFromEveryNode: nodes that bring one bundle at the same moment all have it in force, on record once where one was first
// by more than a moment; another bundle that was first is told.
func TestTheSameBundleFromEveryNode(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	packed := encode(t, r.draft(t, edited(t, "twins"), noon, "wang.fang"))
	twin := publish.NewPublisher(publish.Config{
		People: r.office, Board: r.board, Shelf: r.board, Base: base(t), NewHash: smcrypto.NewSM3, Clock: func() time.Time { return noon },
		Builds: func(context.Context, publish.Files) error { return nil }, Record: func(context.Context, publish.Act) error { return nil },
		Rehearsal: rehearsing(func() { // meanwhile the first node is done
			if _, err := r.Publish(t.Context(), packed); err != nil {
				t.Error(err)
			}
		}),
	})
	standing, err := twin.Publish(t.Context(), packed)
	if err != nil || standing.Publications != 1 || r.revision != 1 || len(r.acts) != 1 {
		t.Errorf("%+v, %v; %d acts", standing, err, len(r.acts))
	}
	late := encode(t, r.draft(t, edited(t, "late"), noon.Add(time.Second), "wang.fang"))
	r.now = noon.Add(time.Minute)
	r.before = func() {
		r.before = nil
		if _, err := r.Publish(t.Context(), late); err != nil {
			t.Error(err)
		}
	}
	if standing, err := r.Publish(t.Context(), late); err != nil || standing.Publications != 2 {
		t.Errorf("at the same moment: %+v, %v", standing.Active, err)
	}
}

// rehearsing does something while it finds everything in order.
type rehearsing func()

func (r rehearsing) Rehearse(context.Context, publish.Files, publish.Files) (publish.Verdict, error) {
	r()
	return publish.Verdict{Platforms: []string{}}, nil
}
