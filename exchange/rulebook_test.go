package exchange

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestRulesOn(t *testing.T) {
	t.Parallel()
	cases := []struct {
		day      string
		basis    string
		heavyAge int
	}{
		{"2020-01-01", "公安部令162号, 163号", 60}, // before the oldest table
		{"2022-04-01", "公安部令162号, 163号", 60},
		{"2024-12-31", "公安部令162号, 163号", 60},
		{"2025-01-01", "公安部令172号", 63},
		{"2026-11-24", "公安部令172号", 63},
	}
	for _, c := range cases {
		rules := RulesOn(date(t, c.day))
		if rules.Basis != c.basis || rules.HeavyAgeLimit != c.heavyAge {
			t.Errorf("%s: %+v", c.day, rules)
		}
		if rules.PointsLimit != 12 || rules.CycleMonths != 12 || rules.RenewalWindow != 90 || rules.CancelAfter != 1 {
			t.Errorf("%s: %+v", c.day, rules)
		}
	}
	if !slices.IsSortedFunc(ruleTable, func(a, b Rules) int { return a.From.Time().Compare(b.From.Time()) }) {
		t.Error("the rule table is out of order")
	}
}

func TestNextClearing(t *testing.T) {
	t.Parallel()
	cases := []struct{ firstIssued, day, want string }{
		{"2012-05-09", "2026-05-08", "2026-05-09"},
		{"2012-05-09", "2026-05-09", "2027-05-09"}, // a cycle ends at the start of this day, and the next one runs
		{"2012-05-09", "2026-05-10", "2027-05-09"},
		{"2012-01-01", "2026-12-31", "2027-01-01"},
		{"2012-02-29", "2026-02-27", "2026-02-28"},
		{"2012-02-29", "2026-02-28", "2027-02-28"},
		{"2012-02-29", "2027-03-01", "2028-02-29"},
		{"2012-02-29", "2028-02-28", "2028-02-29"},
		{"2012-02-29", "2028-02-29", "2029-02-28"},
		{"2026-11-24", "2026-11-24", "2027-11-24"},
		{"2026-11-24", "2026-01-01", "2027-11-24"}, // nothing to clear on the day of issue itself
		{"", "2026-01-01", ""},
		{"2012-05-09", "", ""},
	}
	for _, c := range cases {
		if got := NextClearing(date(t, c.firstIssued), date(t, c.day)); got.String() != c.want {
			t.Errorf("issued %s, on %s: %v, want %s", c.firstIssued, c.day, got, c.want)
		}
	}
}

func TestNextClearingProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		issued := Date{1990, 1, 1}.AddDays(rapid.IntRange(0, 15000).Draw(t, "issued"))
		day := issued.AddDays(rapid.IntRange(0, 15000).Draw(t, "day"))
		next := NextClearing(issued, day)
		if !day.Before(next) || day.AddDays(366).Before(next) || next != issued.AnniversaryIn(next.Year) {
			t.Fatalf("issued %v, on %v: next clearing %v", issued, day, next)
		}
	})
}

// Each boundary of a licence valid 2020-11-24 to 2026-11-24 (驾驶证申领和使用规定 arts. 63, 79).
func TestValidityOn(t *testing.T) {
	t.Parallel()
	licence := Licence{ValidFrom: date(t, "2020-11-24"), ValidUntil: date(t, "2026-11-24")}
	cases := []struct {
		day  string
		want Validity
	}{
		{"2020-11-23", ValidityNotYet},
		{"2020-11-24", ValidityValid},
		{"2026-08-25", ValidityValid},
		{"2026-08-26", ValidityRenewalOpen}, // 90 days before
		{"2026-11-24", ValidityRenewalOpen}, // the expiry day itself
		{"2026-11-25", ValidityExpired},
		{"2027-11-24", ValidityExpired}, // one year after
		{"2027-11-25", ValidityLapsed},
		{"2040-01-01", ValidityLapsed},
	}
	for _, c := range cases {
		if got := licence.ValidityOn(date(t, c.day)); got != c.want {
			t.Errorf("on %s: %v, want %v", c.day, got, c.want)
		}
	}
}

func TestValidityWithoutOrdinaryTerm(t *testing.T) {
	t.Parallel()
	today := date(t, "2026-11-24")
	cases := map[string]struct {
		licence Licence
		want    Validity
	}{
		"nothing known":      {Licence{}, ValidityUnknown},
		"no expiry":          {Licence{ValidFrom: date(t, "2020-11-24")}, ValidityUnknown},
		"long-term":          {Licence{LongTerm: true}, ValidityLongTerm},
		"long-term and date": {Licence{LongTerm: true, ValidUntil: date(t, "2020-01-01")}, ValidityLongTerm},
		"no start":           {Licence{ValidUntil: date(t, "2030-01-01")}, ValidityValid},
		"expired, leap day":  {Licence{ValidUntil: date(t, "2024-02-29")}, ValidityLapsed},
	}
	for name, c := range cases {
		if got := c.licence.ValidityOn(today); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	leapDay := Licence{ValidUntil: date(t, "2024-02-29")}
	if before, after := leapDay.ValidityOn(date(t, "2025-02-28")), leapDay.ValidityOn(date(t, "2025-03-01")); before != ValidityExpired || after != ValidityLapsed {
		t.Errorf("a year after 29 February: %v and then %v", before, after)
	}
}
