package citizen

import (
	"strings"
	"time"
)

// blueprint says what a person must turn out to be; the maker fills in the rest.
type blueprint struct {
	name            string
	home            string // division code of registration
	office          string // division code of the licence's office; empty for a person without a licence
	birth           string // yyyyMMdd; empty: derived from the first issue, so that the person was old enough
	sequence        int    // sequence within the day of birth
	classes         string
	status          string
	term            term
	points          int
	replaced        int
	vehicles        int
	unhandled       int // camera violations not handled, all on the first vehicle
	endBlank        bool
	deceased        bool
	identityExpired bool
	notArchived     bool
}

// term names where in its life a licence stands (公安部令第162号, article 62: 6 years, then 10, then 长期).
type term int

const (
	firstTerm  term = iota // within the first six years, past probation
	probation              // within twelve months of the first issue
	secondTerm             // within the ten years that follow
	longTerm               // 长期
	expiring               // the ten years end within 90 days: the window of renewal is open
	expired                // ended less than a year ago
	lapsed                 // ended more than a year ago
)

// statuses lists what the data set shows beside A: each letter of GA/T 16.25, sets of several, and a letter that no list has.
func statuses() []string {
	return []string{
		"B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "P", "R", "S", "T", "U", "Z", "X",
		"BDJ", "HI", "BD", "MS", "BJ", "DK", "HS", "SX",
	}
}

// classes lists each class of 公安部令第162号, article 11, and the combinations people hold.
func classes() []string {
	return []string{
		"C1", "C2", "A1", "A2", "A3", "C1", "B1", "B2", "C3", "C4", "C5", "C1", "C6", "D", "E", "F", "M", "N", "P",
		"C1", "A1A2D", "C1D", "B2E", "A1A2", "C1E", "C2F", "A2D",
	}
}

// heavy tells whether the classes hold one of the group A1, A2, A3, B1, B2.
func heavy(classes string) bool { return strings.ContainsAny(classes, "AB") }

// ordinary gives the blueprint of the numbered citizen of the crowd. It walks the lists in step with the number instead of
// drawing from them, so that a crowd of 120 is sure to hold every letter, class, term and province.
func ordinary(number int, divisions []Division) blueprint {
	plan := blueprint{
		home:    divisions[number%len(divisions)].Code,
		office:  divisions[number%len(divisions)].Code,
		classes: classes()[number%len(classes())],
		status:  "A", points: number % 12, endBlank: number%2 == 0,
		term: []term{firstTerm, secondTerm, longTerm, expiring, probation}[number%5],
	}
	if number%10 == 9 { // moved: registered elsewhere than where the licence is kept
		plan.home = divisions[(number+17)%len(divisions)].Code
	}
	if number%4 == 0 {
		plan.vehicles = 1
	}
	if number%2 == 1 {
		plan.status = statuses()[number/2%len(statuses())]
	}
	if number%7 == 0 {
		plan.replaced = 1 + number%3
	}
	return plan.consistent()
}

// consistent bends a blueprint until its parts may stand together: who has B reached 12 points, who has M is past the end.
func (b blueprint) consistent() blueprint {
	has := func(letters string) bool { return strings.ContainsAny(b.status, letters) }
	switch {
	case has("B"):
		b.points += 12
	case has("EFGR"):
		b.points = 0
	}
	switch {
	case has("MN"):
		b.term = expired
	case has("GR"):
		b.term = lapsed
	case b.term == probation && heavy(b.classes): // heavy classes are added to a licence, not given to a beginner
		b.term = secondTerm
	}
	if has("H") {
		b.vehicles, b.unhandled = 1, 2
	}
	return b
}

// firstIssue draws the day of the first issue from the term.
func (m *maker) firstIssue(in term) time.Time {
	daysAgo := func(low, high int) time.Time { return m.today.AddDate(0, 0, -between(m.random, low, high)) }
	endAround := func(low, high int) time.Time {
		return addYears(m.today.AddDate(0, 0, between(m.random, low, high)), -16)
	}
	switch in {
	case probation:
		return daysAgo(20, 330)
	case firstTerm:
		return daysAgo(400, 2000)
	case secondTerm:
		return daysAgo(2300, 5600)
	case longTerm:
		return daysAgo(6000, 10500)
	case expiring:
		return endAround(5, 85)
	case expired:
		return endAround(-300, -10)
	default:
		return endAround(-700, -400)
	}
}
