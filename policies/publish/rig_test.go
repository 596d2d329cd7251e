package publish_test

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/policies/publish/people"
)

// noon is now, for everybody.
var noon = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

// office is one author, three approvers, of whom one only for 随申办, and one whose key has ended.
type office struct {
	*people.Register
	pens map[string]people.Pen
}

// shared is the office of all tests: making keys is the slow part.
var shared = sync.OnceValues(func() (*office, error) {
	o := &office{pens: map[string]people.Pen{}}
	var all []people.Person
	for _, person := range []people.Person{
		{ID: "li.wei", Author: true}, {ID: "wang.fang", Approver: true}, {ID: "zhao.min", Approver: true, Author: true},
		{ID: "chen.jie", Approver: true, Platforms: []string{"suishenban"}}, {ID: "sun.li", Approver: true},
	} {
		key, err := smcrypto.GenerateKey(rand.Reader)
		if err != nil {
			return nil, err
		}
		record := keys.Record{ID: person.ID + "-1", Party: person.ID, Algorithm: keys.AlgorithmSign, Key: key.Public()}
		if person.ID == "sun.li" {
			record.NotAfter = noon.Add(-time.Hour)
		}
		person.Keys = []keys.Record{record}
		o.pens[person.ID] = people.Pen{Key: key, Random: rand.Reader}
		all = append(all, person)
	}
	var err error
	o.Register, err = people.NewRegister(all...)
	return o, err
})

func theOffice(t testing.TB) *office {
	t.Helper()
	o, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// base are the policies inside the program.
func base(t testing.TB) publish.Files {
	t.Helper()
	files, err := publish.FromFolder(policies.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// edited gives them with one file changed, so that each text is a bundle of its own.
func edited(t testing.TB, text string) publish.Files {
	t.Helper()
	files := base(t)
	files["data/limits.yaml"] = append([]byte("# "+text+"\n"), files["data/limits.yaml"]...)
	return files
}

// draft packs files as li.wei and signs as everybody named.
func (o *office) draft(t testing.TB, files publish.Files, at time.Time, approvers ...string) *publish.Bundle {
	t.Helper()
	b, err := publish.Pack(files, publish.NewStatement(files, smcrypto.NewSM3, "li.wei", "", "a test", at), smcrypto.NewSM3)
	if err != nil {
		t.Fatal(err)
	}
	o.sign(t, b, publish.Author, "li.wei")
	for _, party := range approvers {
		o.sign(t, b, publish.Approver, party)
	}
	return b
}

func (o *office) sign(t testing.TB, b *publish.Bundle, role publish.Role, party string) {
	t.Helper()
	if err := b.Sign(role, party, party+"-1", o.pens[party]); err != nil {
		t.Fatal(err)
	}
}

func encode(t testing.TB, b *publish.Bundle) []byte {
	t.Helper()
	packed, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return packed
}

// board is a board and shelf in memory that can be late and can fail.
type board struct {
	mu       sync.Mutex
	standing publish.Standing
	revision uint64
	bundles  map[string][]byte
	fails    error
	before   func() // runs before a store
}

func (b *board) Load(context.Context) (publish.Standing, uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.standing, b.revision, b.fails
}

func (b *board) Store(_ context.Context, standing publish.Standing, revision uint64) error {
	if b.before != nil {
		b.before()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if revision != b.revision {
		return &publish.Refusal{Code: publish.Superseded, Err: errors.New("late")}
	}
	b.standing, b.revision = standing, b.revision+1
	return b.fails
}

func (b *board) Bundle(_ context.Context, id string) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if packed, ok := b.bundles[id]; ok {
		return packed, nil
	}
	return nil, errors.New("not there")
}

func (b *board) Keep(_ context.Context, id string, packed []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bundles[id] = packed
	return b.fails
}

// rehearsed finds everything in order and says what it is told to say.
type rehearsed struct {
	verdict publish.Verdict
	err     error
	seen    int
}

func (r *rehearsed) Rehearse(context.Context, publish.Files, publish.Files) (publish.Verdict, error) {
	r.seen++
	return r.verdict, r.err
}

// rig is a publisher with everything around it.
type rig struct {
	*office
	*board
	*rehearsed
	*publish.Publisher
	acts []publish.Act
	now  time.Time
	lost error // what recording fails with
	torn error // what building fails with
}

func newRig(t testing.TB) *rig {
	r := &rig{office: theOffice(t), board: &board{bundles: map[string][]byte{}}, rehearsed: &rehearsed{verdict: publish.Verdict{Platforms: []string{}}}, now: noon}
	r.Publisher = publish.NewPublisher(publish.Config{
		People: r.office, Board: r.board, Shelf: r.board, Rehearsal: r.rehearsed, Base: base(t), NewHash: smcrypto.NewSM3,
		Clock:  func() time.Time { return r.now },
		Builds: func(context.Context, publish.Files) error { return r.torn },
		Record: func(_ context.Context, act publish.Act) error {
			r.acts = append(r.acts, act)
			return r.lost
		},
	})
	return r
}

// refused wants an error with a code.
func refused(t testing.TB, err error, want publish.Code, words string) {
	t.Helper()
	if err == nil || publish.CodeOf(err) != want || !strings.Contains(err.Error(), words) {
		t.Errorf("error %v, want %s with %q", err, want, words)
	}
}
