package exchange

import (
	"errors"
	"strings"
	"testing"
)

func TestIdentityCheck(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		verdict IdentityVerdict
		err     error
		want    Code
	}{
		"differs":         {IdentityDiffers, nil, IdentityMismatch},
		"unknown":         {IdentityNoRecord, nil, IdentityUnknown},
		"dead":            {IdentityIsDeceased, nil, SubjectDeceased},
		"no such verdict": {"perhaps", nil, SourceInvalid},
		"no verdict":      {"", nil, SourceInvalid},
		"down":            {IdentityMatches, &Error{Code: SourceDown}, SourceDown},
		"refuses us":      {IdentityMatches, &Error{Code: SourceRefused}, SourceRefused},
		"a plain error":   {IdentityMatches, errors.New("broken"), Internal},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench()
			b.register.verdict, b.register.err = c.verdict, c.err
			answer, err := b.Query(t.Context(), query(t))
			if failure := b.refused(t, answer, err, c.want); failure.Source != "population" {
				t.Errorf("the failure names %q", failure.Source)
			}
			if b.first.asked+b.second.asked != 0 {
				t.Error("a source was asked about somebody unchecked")
			}
			if a := b.recorder.only(t).Attempts; len(a) != 1 || a[0].Source != "population" || a[0].Outcome != string(c.want) {
				t.Errorf("attempts %v", a)
			}
		})
	}
}

func TestIdentityCheckOnlyOnDemand(t *testing.T) {
	t.Parallel()
	b := newBench()
	b.decider.decision.CheckIdentity = false
	b.Identities = nil
	if _, err := b.Query(t.Context(), query(t)); err != nil {
		t.Error(err)
	}
	b = newBench()
	b.Identities = nil
	answer, err := b.Query(t.Context(), query(t))
	b.refused(t, answer, err, OperationNotOffered)
	if b.first.asked != 0 {
		t.Error("a demanded check was left out")
	}
}

// What a source says must be about the person asked about.
func TestRecordIsTheSubjects(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*Licence)
		want   Code // "": answered
	}{
		"another number":      {func(l *Licence) { l.IDNumber = "310101199801011232" }, SourceInvalid},
		"small x":             {func(l *Licence) { l.IDNumber = strings.ToLower(citizenID) }, ""},
		"no number":           {func(l *Licence) { l.IDNumber = "" }, ""},
		"another name":        {func(l *Licence) { l.Name = "张三" }, IdentityMismatch},
		"another middle dot":  {func(l *Licence) { l.Name = "阿卜杜拉•买买提" }, ""},
		"no name":             {func(l *Licence) { l.Name = "" }, ""},
		"another file number": {func(l *Licence) { l.FileNumber = "310099999999" }, IdentityMismatch},
		"no file number":      {func(l *Licence) { l.FileNumber = "" }, ""},
		"both another":        {func(l *Licence) { l.IDNumber, l.Name = "310101199801011232", "张三" }, SourceInvalid},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench()
			c.change(&b.first.licence)
			c.change(&b.second.licence)
			answer, err := b.Query(t.Context(), query(t))
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			b.refused(t, answer, err, c.want)
			if mismatch := c.want == IdentityMismatch; mismatch && b.second.asked != 0 {
				t.Error("a second source was asked until one agreed")
			}
		})
	}
}

func TestNoFileNumberAsked(t *testing.T) {
	t.Parallel()
	b, q := newBench(), query(t)
	q.Subject.FileNumber = ""
	if _, err := b.Query(t.Context(), q); err != nil || b.decider.got.FileNumber {
		t.Errorf("error %v, file number %v", err, b.decider.got.FileNumber)
	}
}
