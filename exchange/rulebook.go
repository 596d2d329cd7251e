package exchange

// Rules are the constants that decrees set and change. They are read from a dated table, never written into code.
type Rules struct {
	From          Date   // in force from this day
	Basis         string // the decree
	PointsLimit   int    // 满分, points per cycle (记分管理办法 art. 3)
	CycleMonths   int    // length of a points cycle (art. 3)
	RenewalWindow int    // days before expiry in which a licence can be renewed (驾驶证申领和使用规定 art. 63)
	CancelAfter   int    // years after expiry after which the licence is cancelled (art. 79)
	HeavyAgeLimit int    // age at which the heavy classes end (art. 65)
}

// RulesOn gives the rules in force on a day; the oldest known ones for days before them.
func RulesOn(day Date) Rules {
	rules := ruleTable[0]
	for _, later := range ruleTable[1:] {
		if day.Before(later.From) {
			break
		}
		rules = later
	}
	return rules
}

// ruleTable is ordered by date. O162 and O163 are 公安部令 162 and 163; O172 raised the age limit from 60 to 63.
var ruleTable = []Rules{
	{From: Date{2022, 4, 1}, Basis: "公安部令162号, 163号", PointsLimit: 12, CycleMonths: 12, RenewalWindow: 90, CancelAfter: 1, HeavyAgeLimit: 60},
	{From: Date{2025, 1, 1}, Basis: "公安部令172号", PointsLimit: 12, CycleMonths: 12, RenewalWindow: 90, CancelAfter: 1, HeavyAgeLimit: 63},
}

// NextClearing gives the next end of the points cycle (清分日期) after day, for a licence first issued on firstIssued: cycles
// are counted from that date (记分管理办法 art. 3), so that a day before it is in the first one. The zero Date if either is missing.
func NextClearing(firstIssued, day Date) Date {
	if firstIssued.IsZero() || day.IsZero() {
		return Date{}
	}
	if day.Before(firstIssued) {
		day = firstIssued
	}
	next := firstIssued.AnniversaryIn(day.Year)
	if !day.Before(next) {
		next = firstIssued.AnniversaryIn(day.Year + 1)
	}
	return next
}

// Validity says where a licence stands between issue and expiry.
type Validity string

// The validities. [ValidityUnknown] is for a licence without a usable expiry date.
const (
	ValidityUnknown     Validity = "unknown"
	ValidityNotYet      Validity = "not-yet-valid"
	ValidityValid       Validity = "valid"
	ValidityRenewalOpen Validity = "renewal-open" // within the renewal window before expiry
	ValidityExpired     Validity = "expired"      // 逾期未换证, still renewable
	ValidityLapsed      Validity = "lapsed"       // expired so long ago that it is cancelled
	ValidityLongTerm    Validity = "long-term"    // 长期
)

// ValidityOn judges the licence's term on a day by the rules of that day. The expiry day itself is still valid.
func (l *Licence) ValidityOn(day Date) Validity {
	rules := RulesOn(day)
	switch {
	case l.LongTerm:
		return ValidityLongTerm
	case l.ValidUntil.IsZero():
		return ValidityUnknown
	case !l.ValidFrom.IsZero() && day.Before(l.ValidFrom):
		return ValidityNotYet
	case l.ValidUntil.AnniversaryIn(l.ValidUntil.Year + rules.CancelAfter).Before(day):
		return ValidityLapsed
	case l.ValidUntil.Before(day):
		return ValidityExpired
	case !day.Before(l.ValidUntil.AddDays(-rules.RenewalWindow)):
		return ValidityRenewalOpen
	}
	return ValidityValid
}
