package exchange

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
)

func refuse(reasons ...string) Decision {
	decision := Decision{Revision: "rev-1", CheckIdentity: true}
	for _, code := range reasons {
		decision.Reasons = append(decision.Reasons, Reason{Code: code})
	}
	return decision
}

// Whatever the decider says short of a grant, nobody else is asked.
func TestRefusedQueryReachesNobody(t *testing.T) {
	t.Parallel()
	granted := allow(LicenceQuery)
	granted.Allow = false
	cases := map[string]struct {
		decision Decision
		err      error
		want     Code
	}{
		"refused":                      {refuse("purpose_unknown"), nil, PolicyRefused},
		"refused without a reason":     {refuse(), nil, PolicyRefused},
		"refused with grants":          {granted, nil, PolicyRefused},
		"allowed without a grant":      {Decision{Allow: true}, nil, PolicyRefused},
		"allowed another operation's":  {Decision{Allow: true, Grants: map[Field]Mask{PictureField: MaskNone}}, nil, PolicyRefused},
		"allowed with unknown masks":   {Decision{Allow: true, Grants: map[Field]Mask{"points": "new", "name": ""}}, nil, PolicyRefused},
		"no decision at all":           {Decision{}, nil, PolicyRefused},
		"the decider fails":            {allow(LicenceQuery), errors.New("undefined"), PolicyUnavailable},
		"it fails for want of time":    {allow(LicenceQuery), fmt.Errorf("eval: %w", context.DeadlineExceeded), PolicyUnavailable},
		"it fails with a code":         {allow(LicenceQuery), &Error{Code: Overloaded}, Overloaded},
		"it fails with a wrapped code": {allow(LicenceQuery), fmt.Errorf("decide: %w", &Error{Code: UnknownPlatform}), UnknownPlatform},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench()
			b.decider.decision, b.decider.err = c.decision, c.err
			answer, err := b.Query(t.Context(), query(t))
			b.refused(t, answer, err, c.want)
			if b.register.asked+b.first.asked+b.second.asked != 0 {
				t.Errorf("asked: register %d, first %d, second %d", b.register.asked, b.first.asked, b.second.asked)
			}
		})
	}
}

func TestRefusalCarriesReasonsAndDecision(t *testing.T) {
	t.Parallel()
	b := newBench()
	b.decider.decision = refuse("purpose_unknown", "face_similarity_low")
	answer, err := b.Query(t.Context(), query(t))
	failure := b.refused(t, answer, err, PolicyRefused)
	if len(failure.Reasons) != 2 || failure.Decision == nil || *failure.Decision != (DecisionRef{"q-1", "rev-1"}) {
		t.Errorf("reasons %v, decision %v", failure.Reasons, failure.Decision)
	}
	record := b.recorder.only(t)
	if record.Revision != "rev-1" || !slices.Equal(record.Reasons, []string{"purpose_unknown", "face_similarity_low"}) {
		t.Errorf("recorded: revision %s, reasons %v", record.Revision, record.Reasons)
	}
}

func TestUndecidedHasNoDecision(t *testing.T) {
	t.Parallel()
	b := newBench()
	b.decider.err = errors.New("undefined")
	answer, err := b.Query(t.Context(), query(t))
	if failure := b.refused(t, answer, err, PolicyUnavailable); failure.Decision != nil {
		t.Errorf("decision %v", failure.Decision)
	}
	if record := b.recorder.only(t); record.Revision != "" || record.Reasons != nil {
		t.Errorf("recorded: %+v", record)
	}
}

func TestRefusalCode(t *testing.T) {
	t.Parallel()
	cases := []struct {
		reasons []string
		want    Code
	}{
		{[]string{"face_similarity_low"}, FaceSimilarityLow},
		{[]string{"face_similarity_low", "nothing_visible"}, FaceSimilarityLow},
		{[]string{"nothing_visible", "face_similarity_low", "face_similarity_low"}, FaceSimilarityLow},
		{[]string{"face_similarity_low", "purpose_unknown"}, PolicyRefused},
		{[]string{"purpose_unknown", "face_similarity_low"}, PolicyRefused},
		{[]string{"face_similarity_low", "freshness_below_tier"}, PolicyRefused},
		{[]string{"freshness_below_tier"}, TooOld},
		{[]string{"unknown_platform", "nothing_visible"}, UnknownPlatform},
		{[]string{"nothing_visible"}, PolicyRefused},
		{[]string{"purpose_unknown"}, PolicyRefused},
		{nil, PolicyRefused},
	}
	for _, c := range cases {
		if got := refusalCode(refuse(c.reasons...).Reasons); got != c.want {
			t.Errorf("%v: %s, want %s", c.reasons, got, c.want)
		}
	}
}
