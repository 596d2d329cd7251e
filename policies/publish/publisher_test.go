package publish_test

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// TestRevision: the same content has the same revision on every machine, and it is the engine's own.
func TestRevision(t *testing.T) {
	t.Parallel()
	files := base(t)
	engine, err := policies.New(files.FS(), policies.Options{NewHash: smcrypto.NewSM3})
	if err != nil {
		t.Fatal(err)
	}
	if got := files.Revision(smcrypto.NewSM3); got != engine.Revision() {
		t.Errorf("revision %s, the engine says %s", got, engine.Revision())
	}
	o := theOffice(t)
	one, other := encode(t, o.draft(t, files, noon)), encode(t, o.draft(t, base(t), noon))
	first, err := publish.Read(bytes.NewReader(one), smcrypto.NewSM3)
	if err != nil {
		t.Fatal(err)
	}
	second, err := publish.Read(bytes.NewReader(other), smcrypto.NewSM3)
	if err != nil || first.Statement.Revision != second.Statement.Revision || first.Statement.Content != second.Statement.Content {
		t.Errorf("%+v and %+v, error %v", first.Statement, second.Statement, err)
	}
	files["subject_test.rego"] = []byte("package zhengqiao.subject_test\n")
	if files.Revision(smcrypto.NewSM3) != first.Statement.Revision || files.Content(smcrypto.NewSM3) == first.Statement.Content {
		t.Error("a test counts for the revision, or doesn't for the content")
	}
}

func TestFileSystem(t *testing.T) {
	t.Parallel()
	files := publish.Files{"a.rego": []byte("package a"), "data/b.yaml": []byte("b: 1"), "data/c.yaml": []byte("c: 1")}
	if err := fstest.TestFS(files.FS(), files.Paths()...); err != nil {
		t.Error(err)
	}
}

func TestPublishAndStepBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.draft(t, edited(t, "first"), noon, "wang.fang")
	standing, err := r.Publish(t.Context(), encode(t, first))
	if err != nil || standing.Active.Revision != first.Statement.Revision || !slices.Equal(standing.Active.Approved, []string{"wang.fang"}) {
		t.Fatalf("%+v, error %v", standing, err)
	}
	if again, err := r.Publish(t.Context(), encode(t, first)); err != nil || again.Sequence != standing.Sequence || len(r.acts) != 1 {
		t.Errorf("what is in force already: %+v, error %v, %d acts", again, err, len(r.acts))
	}
	second := r.draft(t, edited(t, "second"), noon.Add(time.Minute), "zhao.min")
	if standing, err = r.Publish(t.Context(), encode(t, second)); err != nil {
		t.Fatal(err)
	}
	_, err = r.Publish(t.Context(), encode(t, first))
	refused(t, err, publish.Older, "")

	r.now = noon.Add(time.Hour)
	order := r.order(t, standing, "wang.fang", r.now)
	standing, err = r.Rollback(t.Context(), order)
	if err != nil || standing.Active.Content != first.Statement.Content || standing.Active.Restored != "wang.fang" || standing.Active.Reason != "fields are missing" {
		t.Fatalf("%+v, error %v", standing, err)
	}
	_, err = r.Rollback(t.Context(), order)
	refused(t, err, publish.Older, "")
	_, err = r.Publish(t.Context(), encode(t, second))
	refused(t, err, publish.Older, "")
	kinds := []string{}
	for _, act := range r.acts {
		kinds = append(kinds, act.Kind)
	}
	if !slices.Equal(kinds, []string{publish.Published, publish.Published, publish.RolledBack}) || r.acts[2].Reason != "fields are missing" {
		t.Errorf("on record: %+v", r.acts)
	}

	r.now = noon.Add(2 * time.Hour)
	if standing, err = r.Rollback(t.Context(), r.order(t, standing, "zhao.min", r.now)); err != nil || standing.Active.Content != "" {
		t.Errorf("back to the beginning: %+v, error %v", standing, err)
	}
	r.now = noon.Add(3 * time.Hour)
	_, err = r.Rollback(t.Context(), r.order(t, publish.Standing{Active: publish.Active{Content: first.Statement.Content}}, "zhao.min", r.now))
	refused(t, err, publish.Superseded, "nothing was in force before")
}

// order signs a step back from a standing.
func (r *rig) order(t testing.TB, from publish.Standing, by string, at time.Time) []byte {
	t.Helper()
	previous, _ := from.Previous()
	order, err := publish.SignRollback(publish.Rollback{
		From: from.Active.Content, To: previous.Content, Sequence: uint64(at.UnixMilli()), Reason: "fields are missing", By: by,
	}, by+"-1", r.pens[by], smcrypto.NewSM3)
	if err != nil {
		t.Fatal(err)
	}
	return order
}

// TestWrongOrders: an order to step back that isn't whole, or isn't by who may, or is about something else, does nothing.
func TestWrongOrders(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	standing, err := r.Publish(t.Context(), encode(t, r.draft(t, edited(t, "first"), noon, "wang.fang")))
	if err != nil {
		t.Fatal(err)
	}
	r.now = noon.Add(time.Minute)
	good := r.order(t, standing, "wang.fang", r.now)
	elsewhere := standing
	elsewhere.Active.Content = standing.Active.Revision
	for name, c := range map[string]struct {
		order []byte
		code  publish.Code
	}{
		"by an author":       {r.order(t, standing, "li.wei", r.now), publish.UnknownSigner},
		"by one platform's":  {r.order(t, standing, "chen.jie", r.now), publish.UnknownSigner},
		"by an ended key":    {r.order(t, standing, "sun.li", r.now), publish.KeyExpired},
		"for another reason": {bytes.Replace(good, []byte("are missing"), []byte("are lacking"), 1), publish.WrongSignature},
		"in another's name":  {bytes.Replace(good, []byte(`"by": "wang.fang"`), []byte(`"by": "zhao.min"`), 1), publish.UnknownSigner},
		"another step":       {r.order(t, elsewhere, "wang.fang", r.now), publish.Superseded},
		"of tomorrow":        {r.order(t, standing, "wang.fang", r.now.Add(24*time.Hour)), publish.Ahead},
		"an older one":       {r.order(t, standing, "wang.fang", noon), publish.Older},
		"no JSON":            {[]byte("{"), publish.Malformed},
		"more":               {append(slices.Clone(good), ' '), publish.Malformed},
		"a long one":         {bytes.Repeat([]byte(" "), 5000), publish.TooLarge},
	} {
		_, err := r.Rollback(t.Context(), c.order)
		if publish.CodeOf(err) != c.code || err == nil {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if len(r.acts) != 1 || r.standing.Active.Content == "" {
		t.Errorf("it had an effect: %+v", r.standing)
	}
}

// TestNoStepBackToWhatDoesntHold: what no node could load comes neither on record nor on the board.
func TestNoStepBackToWhatDoesntHold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(r *rig, former string)
		code  publish.Code
	}{
		"gone":         {func(r *rig, former string) { delete(r.bundles, former) }, publish.NotRecorded},
		"damaged":      {func(r *rig, former string) { r.bundles[former] = r.bundles[former][:100] }, publish.Malformed},
		"unsigned":     {func(r *rig, former string) { r.bundles[former] = encode(t, r.draft(t, edited(t, "first"), noon)) }, publish.Unsigned},
		"another":      {func(r *rig, former string) { r.bundles[former] = encode(t, r.draft(t, edited(t, "other"), noon)) }, publish.Tampered},
		"not building": {func(r *rig, _ string) { r.torn = errors.New("rego") }, publish.NotInOrder},
	} {
		r := newRig(t)
		var standing publish.Standing
		for i, text := range []string{"first", "second"} {
			r.now = noon.Add(time.Duration(i) * time.Minute)
			var err error
			if standing, err = r.Publish(t.Context(), encode(t, r.draft(t, edited(t, text), r.now, "wang.fang"))); err != nil {
				t.Fatal(err)
			}
		}
		c.spoil(r, standing.Former[1].ID())
		r.now = noon.Add(time.Hour)
		_, err := r.Rollback(t.Context(), r.order(t, standing, "zhao.min", r.now))
		if publish.CodeOf(err) != c.code || err == nil || len(r.acts) != 2 || r.standing.Active.ID() != standing.Active.ID() {
			t.Errorf("%s: %v, want %s; %d acts, standing %+v", name, err, c.code, len(r.acts), r.standing.Active)
		}
	}
}

// TestApprovals: whether two are needed is the gateway's own finding, and who may approve what counts.
func TestApprovals(t *testing.T) {
	t.Parallel()
	narrow := publish.Verdict{Platforms: []string{"suishenban"}}
	wide := publish.Verdict{Trial: publish.Trial{Widens: true}, Platforms: []string{"suishenban"}}
	unknown := publish.Verdict{Trial: publish.Trial{Widens: true}}
	for name, c := range map[string]struct {
		verdict   publish.Verdict
		approvers []string
		code      publish.Code
	}{
		"one for less":                     {narrow, []string{"wang.fang"}, ""},
		"one of the platform's for less":   {narrow, []string{"chen.jie"}, ""},
		"one of another platform's":        {publish.Verdict{Platforms: []string{"suishenban", "zheliban"}}, []string{"chen.jie"}, publish.NotApproved},
		"one of a platform's for no other": {publish.Verdict{Platforms: []string{}}, []string{"chen.jie"}, ""},
		"one for more":                     {wide, []string{"wang.fang"}, publish.NotApproved},
		"two for more":                     {wide, []string{"wang.fang", "chen.jie"}, ""},
		"two, one of whom may not":         {unknown, []string{"wang.fang", "chen.jie"}, publish.NotApproved},
		"two for what nobody can tell":     {unknown, []string{"wang.fang", "zhao.min"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.verdict = c.verdict
			_, err := r.Publish(t.Context(), encode(t, r.draft(t, edited(t, name), noon, c.approvers...)))
			if c.code == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			refused(t, err, c.code, "")
			if len(r.acts) > 0 || r.standing.Sequence != 0 {
				t.Error("it had an effect")
			}
		})
	}
}

// TestAuthorCantApprove: neither the tool signs so nor a gateway takes it, and an edit voids what was signed.
func TestAuthorCantApprove(t *testing.T) {
	t.Parallel()
	o := theOffice(t)
	b := o.draft(t, base(t), noon)
	refused(t, b.Sign(publish.Approver, "li.wei", "li.wei-1", o.pens["li.wei"]), publish.SelfApproval, "")
	refused(t, b.Sign(publish.Author, "zhao.min", "zhao.min-1", o.pens["zhao.min"]), publish.SelfApproval, "")
	o.sign(t, b, publish.Approver, "wang.fang")
	o.sign(t, b, publish.Approver, "wang.fang") // again takes the place of the first
	if err := b.Verify(o, noon); err != nil || len(b.Approvers()) != 1 {
		t.Errorf("%v, error %v", b.Approvers(), err)
	}
	after := o.draft(t, edited(t, "a later edit"), noon)
	after.Signatures = append(after.Signatures, b.Signatures[1])
	refused(t, after.Verify(o, noon), publish.WrongSignature, "")
	b.Signatures = append(b.Signatures, b.Signatures[1])
	refused(t, b.Verify(o, noon), publish.SelfApproval, "more than once")
}

// TestNothingHalf: what can't be rehearsed, recorded or stored has no effect, and of two that come at once one is late.
func TestNothingHalf(t *testing.T) {
	t.Parallel()
	disk := errors.New("disk full")
	for name, c := range map[string]struct {
		prepare func(*rig)
		code    publish.Code
	}{
		"not in order": {func(r *rig) { r.err = &publish.Refusal{Code: publish.NotInOrder, Err: errors.New("a test")} }, publish.NotInOrder},
		"not recorded": {func(r *rig) { r.lost = disk }, publish.NotRecorded},
		"not shelved":  {func(r *rig) { r.board.fails = disk }, publish.NotRecorded},
		"too late":     {func(r *rig) { r.before = func() { r.revision++ } }, publish.Superseded},
	} {
		r := newRig(t)
		c.prepare(r)
		_, err := r.Publish(t.Context(), encode(t, r.draft(t, base(t), noon, "wang.fang")))
		if publish.CodeOf(err) != c.code || err == nil || r.standing.Sequence != 0 {
			t.Errorf("%s: %v, want %s; standing %+v", name, err, c.code, r.standing)
		}
	}
}

// TestFollower: a node loads what is on the board and verifies it anew; what doesn't load leaves the last good.
func TestFollower(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var loaded []fs.FS
	var told []publish.Code
	var fails error
	f := &publish.Follower{Board: r.board, Shelf: r.board, People: r.office, Base: base(t).FS(), NewHash: smcrypto.NewSM3,
		Load: func(policies fs.FS) error {
			if fails == nil {
				loaded = append(loaded, policies)
			}
			return fails
		},
		Told: func(_ publish.Active, err error) {
			if err == nil {
				told = append(told, "")
			} else {
				told = append(told, publish.CodeOf(err))
			}
		},
	}
	sync := func(wantLoaded int, wantTold ...publish.Code) {
		t.Helper()
		_ = f.Sync(t.Context())
		if len(loaded) != wantLoaded || !slices.Equal(told, wantTold) {
			t.Fatalf("loaded %d times, told %v; want %d, %v", len(loaded), told, wantLoaded, wantTold)
		}
	}
	sync(0)
	standing, err := r.Publish(t.Context(), encode(t, r.draft(t, edited(t, "first"), noon, "wang.fang")))
	if err != nil {
		t.Fatal(err)
	}
	sync(1, "")
	sync(1, "")
	// A board that can't be read is told once, each time that it begins.
	for _, r.board.fails = range []error{errors.New("down"), errors.New("down"), nil, errors.New("down"), nil} {
		_ = f.Sync(t.Context())
	}
	if !slices.Equal(told, []publish.Code{"", publish.NotRecorded, publish.NotRecorded}) {
		t.Fatalf("of the board: %v", told)
	}
	told = []publish.Code{""}
	r.now = noon.Add(time.Hour)
	if _, err := r.Publish(t.Context(), encode(t, r.draft(t, edited(t, "second"), r.now, "wang.fang"))); err != nil {
		t.Fatal(err)
	}
	fails = errors.New("doesn't build here")
	sync(1, "", publish.NotInOrder)
	sync(1, "", publish.NotInOrder) // told once, tried again each time
	fails = nil
	sync(2, "", publish.NotInOrder, "")
	// Somebody writes on the board: another bundle in the place of the one in force, and one that nobody signed.
	r.standing.Active = standing.Active
	r.bundles[standing.Active.ID()] = r.bundles[r.standing.Active.ID()][:100]
	sync(2, "", publish.NotInOrder, "", publish.Malformed)
	r.bundles[standing.Active.ID()] = encode(t, r.draft(t, edited(t, "third"), noon, "wang.fang"))
	sync(2, "", publish.NotInOrder, "", publish.Malformed, publish.Tampered)
	r.bundles[standing.Active.ID()] = encode(t, r.draft(t, edited(t, "first"), noon))
	sync(2, "", publish.NotInOrder, "", publish.Malformed, publish.Tampered, publish.Unsigned)
	r.standing.Active = publish.Active{}
	sync(3, "", publish.NotInOrder, "", publish.Malformed, publish.Tampered, publish.Unsigned, "")
}

// TestTexts: every refusal has words in both languages.
func TestTexts(t *testing.T) {
	t.Parallel()
	for _, code := range publish.Codes() {
		if text := (&publish.Refusal{Code: code}).Text(); text.ZH == "" || text.EN == "" {
			t.Errorf("%s has no texts", code)
		}
	}
}
