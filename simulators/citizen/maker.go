package citizen

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// maker turns blueprints into citizens. Its counters make numbers unique, its random source makes the rest.
type maker struct {
	random    *rand.Rand
	now       time.Time // the moment that the data set describes
	today     time.Time
	divisions map[string]Division
	serials   int
	plates    int
}

func newMaker(seed uint64, asOf time.Time, offset int) *maker {
	return &maker{
		random: rand.New(rand.NewPCG(seed, seed)), now: asOf, today: dayOf(asOf), divisions: byCode(Divisions()),
		serials: offset, plates: offset,
	}
}

// serial gives the next of the numbers below 100 million, scattered so that neighbours do not look alike. The factor is
// coprime to the range: no number comes twice before all have come.
func (m *maker) serial() int {
	m.serials++
	return m.serials * 73_939_133 % 100_000_000
}

func (m *maker) make(plan blueprint) Citizen {
	home := m.divisions[plan.home]
	person := Citizen{
		Name: plan.name, Home: home, Phone: fmt.Sprintf("100%08d", m.serial()),
		Deceased: plan.deceased, IdentityExpired: plan.identityExpired,
	}
	if plan.office != "" {
		person.Licence = m.licence(plan)
	}
	person.Birth = m.birth(plan, person.Licence)
	person.IDNumber = IdentityNumber(home.Code, person.Birth, plan.sequence)
	person.Sex = sexOf(person.IDNumber)
	m.addVehicles(&person, plan)
	m.addDecisions(&person, plan.points)
	return person
}

// birth makes sure that the person was old enough at the first issue: 22 for heavy classes, 20 otherwise, which covers the
// minimum age of every class (公安部令第162号 as amended by 第172号, article 14).
func (m *maker) birth(plan blueprint, licence Licence) time.Time {
	if plan.birth != "" {
		day, err := time.ParseInLocation("20060102", plan.birth, Zone())
		if err != nil {
			panic("citizen: a blueprint's date of birth is not a date: " + plan.birth)
		}
		return day
	}
	age := between(m.random, 22, 32)
	return addYears(licence.FirstIssued, -age).AddDate(0, 0, -between(m.random, 0, 300))
}

func (m *maker) licence(plan blueprint) Licence {
	office := m.divisions[plan.office]
	licence := Licence{
		FileNumber: fmt.Sprintf("%s%08d", office.Code[:4], m.serial()), Classes: plan.classes, Status: plan.status,
		Office: office, FirstIssued: m.firstIssue(plan.term), Replaced: plan.replaced, Points: plan.points,
		EndBlank: plan.endBlank, Probation: plan.term == probation, NotArchived: plan.notArchived,
	}
	licence.CardNumber = m.cardNumber(office)
	licence.ValidFrom, licence.ValidUntil, licence.TermYears = validity(licence.FirstIssued, m.today, plan.term)
	licence.NextClearing = nextClearing(licence.FirstIssued, m.today)
	licence.NextReview = m.review(licence)
	licence.Issued = m.issued(licence)
	return licence
}

// cardNumber gives the next 证芯编号: 13 digits, beginning with the province.
func (m *maker) cardNumber(office Division) string {
	return fmt.Sprintf("%s%011d", office.Code[:2], m.serial())
}

// validity walks 6 years, 10 years, 长期 from the first issue. An expired licence stays at the end of its ten years.
func validity(first, today time.Time, in term) (from, until time.Time, years int) {
	if sixth := addYears(first, 6); sixth.After(today) {
		return first, sixth, 6
	}
	second := addYears(first, 6)
	tenth := addYears(second, 10)
	if tenth.After(today) || in == expired || in == lapsed {
		return second, tenth, 10
	}
	return tenth, time.Time{}, 0
}

// review puts the next 审验: past for status S, at the end of the cycle for heavy classes, else with the renewal
// (公安部令第162号, article 72). A light 长期 licence has none.
func (m *maker) review(licence Licence) time.Time {
	switch {
	case strings.Contains(licence.Status, "S"):
		return m.today.AddDate(0, 0, -between(m.random, 40, 200))
	case heavy(licence.Classes):
		return licence.NextClearing
	default:
		return licence.ValidUntil
	}
}

// issued is the beginning of the term, or for a replaced card a later day within it.
func (m *maker) issued(licence Licence) time.Time {
	days := int(m.today.Sub(licence.ValidFrom).Hours() / 24)
	if licence.Replaced == 0 || days < 2 {
		return licence.ValidFrom
	}
	return licence.ValidFrom.AddDate(0, 0, between(m.random, 1, min(days-1, 1500)))
}
