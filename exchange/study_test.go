package exchange

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
)

// fakeJudge keeps the question and gives its verdict.
type fakeJudge struct {
	verdict StudyVerdict
	err     error
	got     StudyQuestion
}

func (j *fakeJudge) JudgeStudy(_ context.Context, question StudyQuestion) (StudyVerdict, error) {
	j.got = question
	return j.verdict, j.err
}

func studyBench(t *testing.T) (*bench, *fakeJudge, *Query) {
	t.Helper()
	b, q := newBench(), query(t)
	judge := &fakeJudge{verdict: StudyVerdict{Revision: "rev-1", Verdict: StudyCannotTell, Grounds: []StudyGround{{Code: "a", State: "unknown"}}}}
	b.decider.decision, b.Study, q.Operation = allow(StudyQuery), judge, StudyQuery
	return b, judge, q
}

func TestStudyIsJudgedByWhatMayBeSeen(t *testing.T) {
	t.Parallel()
	yes, licence := true, fullLicence()
	for name, c := range map[string]struct {
		spoil func(*Decision)
		want  func(*StudyQuestion)
		used  []Field
	}{
		"everything": {func(*Decision) {}, func(*StudyQuestion) {}, Fields(StudyQuery)},
		"no points": {
			func(d *Decision) {
				delete(d.Grants, "points")
				d.Withheld = []Withheld{{Field: "points", Code: "assurance_too_low"}}
			},
			func(q *StudyQuestion) { q.Points, q.Withheld = nil, []Field{"points"} },
			[]Field{"status", "cycleEnd", "probation"},
		},
		"nothing but probation": {
			func(d *Decision) { d.Grants = map[Field]Mask{"probation": MaskNone} },
			func(q *StudyQuestion) { q.Points, q.Status = nil, "" }, []Field{"probation"},
		},
		"a masked day": {
			func(d *Decision) { d.Grants["cycleEnd"] = MaskYear },
			func(q *StudyQuestion) { q.Withheld = []Field{"cycleEnd"} }, []Field{"status", "points", "probation"},
		},
	} {
		b, judge, q := studyBench(t)
		q.Police = PoliceFacts{GravePenalty: &yes}
		c.spoil(&b.decider.decision)
		want := StudyQuestion{Now: now(), Platform: "suishenban", Status: licence.Status, Points: licence.Points, Probation: licence.Probation, Police: q.Police}
		c.want(&want)
		answer, err := b.Query(t.Context(), q)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !reflect.DeepEqual(judge.got, want) {
			t.Errorf("%s: asked %+v, want %+v", name, judge.got, want)
		}
		shown := answer.Result.Study
		if shown == nil || shown.Verdict != StudyCannotTell || answer.Result.Licence != nil || shown.CycleEnd.IsZero() == slices.Contains(c.used, "cycleEnd") {
			t.Errorf("%s: answer %+v", name, answer.Result)
		}
		if record := b.recorder.only(t); !slices.Equal(record.Disclosed, c.used) || len(record.Masked) != 0 || record.Operation != StudyQuery {
			t.Errorf("%s: record %+v", name, record)
		}
	}
}

// What the source does not say is not known, and is told as lacking.
func TestStudyWithoutTheSourcesWord(t *testing.T) {
	t.Parallel()
	b, judge, q := studyBench(t)
	b.first.licence.Probation, b.first.licence.Status = "", ""
	answer, err := b.Query(t.Context(), q)
	if err != nil || judge.got.Probation != "" || judge.got.Status != "" || judge.got.Points == nil {
		t.Fatalf("asked %+v, error %v", judge.got, err)
	}
	if codes := withheldCodes(answer.Withheld); codes != "[probation:source_lacks_field status:source_lacks_field]" {
		t.Errorf("withheld %s", codes)
	}
}

func TestNoVerdictIsAFailure(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*bench, *fakeJudge, *Query)
		want  Code
	}{
		"the policy fails":         {func(_ *bench, j *fakeJudge, _ *Query) { j.err = errors.New("undefined") }, PolicyUnavailable},
		"the policy changed since": {func(_ *bench, j *fakeJudge, _ *Query) { j.verdict.Revision = "rev-2" }, PolicyUnavailable},
		"nobody judges":            {func(b *bench, _ *fakeJudge, _ *Query) { b.Study = nil }, OperationNotOffered},
		"nothing may be seen":      {func(b *bench, _ *fakeJudge, _ *Query) { b.decider.decision.Grants = nil }, PolicyRefused},
		"another person's licence": {func(b *bench, _ *fakeJudge, _ *Query) { b.first.licence.Name = "李四" }, IdentityMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, judge, q := studyBench(t)
			c.spoil(b, judge, q)
			answer, err := b.Query(t.Context(), q)
			b.refused(t, answer, err, c.want)
		})
	}
}

// Break-glass is asked for by way of an opened access, and in no other way, whatever policies allow.
func TestBreakGlassNeedsAnOpening(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		purpose, platform, opening string
		want                       Code
	}{
		"a platform that names the purpose": {BreakGlassPurpose, "suishenban", "", PolicyRefused},
		"a platform of the purpose's name":  {"self-query", BreakGlassPlatform, "", PolicyRefused},
		"an opening for another purpose":    {"self-query", "suishenban", "o-1", PolicyRefused},
		"all of it":                         {BreakGlassPurpose, BreakGlassPlatform, "o-1", ""},
	} {
		b, q := newBench(), query(t)
		q.Purpose.Code, q.Caller.Platform, q.Opening = c.purpose, c.platform, c.opening
		_, err := b.Query(t.Context(), q)
		if CodeOf(err) != c.want || b.first.asked != 0 && c.want != "" {
			t.Errorf("%s: %v, the source was asked %d times", name, err, b.first.asked)
		}
		if record := b.recorder.only(t); record.Opening != c.opening {
			t.Errorf("%s: the record names the opening %q", name, record.Opening)
		}
	}
}
