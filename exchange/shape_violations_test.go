package exchange

import (
	"slices"
	"testing"
)

func TestShapeViolations(t *testing.T) {
	t.Parallel()
	camera := Violation{ID: "camera", Place: "某路口"}
	unpaid := Violation{ID: "unpaid", Processed: true, Points: ptr(6), FineFen: ptr(20000), Payment: PaymentUnpaid}
	bare := Violation{ID: "bare", Processed: true}
	cases := map[string]struct {
		grants                 []Field
		violations             []Violation
		processed, unprocessed int
		withheld               string
	}{
		"none":                                  {[]Field{"place"}, nil, 0, 0, "[]"},
		"one lacks it":                          {[]Field{"place"}, []Violation{unpaid}, 1, 0, "[place:source_lacks_field]"},
		"one of two lacks it":                   {[]Field{"place"}, []Violation{unpaid, camera}, 1, 1, "[]"},
		"what only a decision has":              {[]Field{"violationPoints", "fineFen", "lateFeeFen", "decisionNumber", "payment", "paidOn", "decidedOn"}, []Violation{camera}, 0, 1, "[]"},
		"a decision without points":             {[]Field{"violationPoints"}, []Violation{bare, camera}, 1, 1, "[violationPoints:source_lacks_field]"},
		"an unpaid fine has no day of payment":  {[]Field{"paidOn"}, []Violation{unpaid}, 1, 0, "[]"},
		"unknown payment may have one":          {[]Field{"paidOn"}, []Violation{bare}, 1, 0, "[paidOn:source_lacks_field]"},
		"two lacking, in the order of the name": {[]Field{"place", "act"}, []Violation{unpaid}, 1, 0, "[act:source_lacks_field place:source_lacks_field]"},
	}
	for name, c := range cases {
		decision := Decision{Grants: map[Field]Mask{"violationId": MaskNone}}
		for _, field := range c.grants {
			decision.Grants[field] = MaskNone
		}
		var result Result
		withheld := result.shapeViolations(c.violations, &decision, Today(now()))
		if len(result.Processed) != c.processed || len(result.Unprocessed) != c.unprocessed || result.Processed == nil || result.Unprocessed == nil {
			t.Errorf("%s: %d processed, %d not", name, len(result.Processed), len(result.Unprocessed))
		}
		if got := withheldCodes(withheld); got != c.withheld {
			t.Errorf("%s: withheld %s, want %s", name, got, c.withheld)
		}
	}
}

// An unknown mask is the policy's mistake, also for a field that an unprocessed violation can't have yet.
func TestShapeViolationsUnknownMask(t *testing.T) {
	t.Parallel()
	var result Result
	decision := Decision{Grants: map[Field]Mask{"paidOn": "new", "act": MaskNone}}
	withheld := result.shapeViolations([]Violation{{Act: "1625"}}, &decision, Today(now()))
	if got := withheldCodes(withheld); got != "[paidOn:mask_unknown]" {
		t.Errorf("withheld %s", got)
	}
}

func TestFieldsOfAResultAreNamedOnce(t *testing.T) {
	t.Parallel()
	var result Result
	decision := Decision{Grants: map[Field]Mask{"act": MaskNone, "plateNumber": MaskPlate, "place": MaskNone}}
	result.shapeViolations([]Violation{
		{Act: "1625", PlateNumber: "沪A12345"}, {Act: "1208", Place: "某路口", Processed: true}, {Act: "1208", PlateNumber: "沪A12345", Processed: true},
	}, &decision, Today(now()))
	disclosed, maskedFields := result.fields()
	slices.Sort(disclosed)
	if !slices.Equal(disclosed, []Field{"act", "place", "plateNumber"}) || !slices.Equal(maskedFields, []Field{"plateNumber"}) {
		t.Errorf("disclosed %v, masked %v", disclosed, maskedFields)
	}
}
