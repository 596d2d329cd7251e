package row_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

// TestWholeDataSet reads the row of every citizen of the data set: every status letter, class and way of saying 长期.
func TestWholeDataSet(t *testing.T) {
	t.Parallel()
	registry, err := citizen.New(1, time.Date(2026, 11, 24, 9, 0, 0, 0, citizen.Zone()), 150)
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, person := range registry.All() {
		if !person.Licensed() {
			continue
		}
		read++
		got, err := row.Licence(person.LicenceRow().Map())
		if want := licenceOf(person); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v, error %v\nwant %+v", got, err, want)
		}
	}
	if read < 150 {
		t.Errorf("only %d rows read", read)
	}
}

// licenceOf is written out by hand: what is expected shall not come from the code under test.
func licenceOf(person citizen.Citizen) exchange.Licence {
	l := person.Licence
	points, replaced := l.Points, l.Replaced
	return exchange.Licence{
		Name: person.Name, IDNumber: person.IDNumber, IDType: "A", Sex: person.Sex, BirthDate: day(person.Birth), Nationality: "156",
		FileNumber: l.FileNumber, CardNumber: l.CardNumber, Classes: split(l.Classes), FormerClasses: split(l.FormerClasses),
		Status: exchange.StatusSet(l.Status), Points: &points, CycleEnd: day(l.NextClearing), OverLimitOn: day(l.OverLimit),
		StudyNoticeOn: day(l.OverLimit), FirstIssued: day(l.FirstIssued), FirstIssuer: l.Office.Office, IssuedOn: day(l.Issued),
		Issuer: l.Office.Office, ValidFrom: day(l.ValidFrom), ValidUntil: day(l.ValidUntil), LongTerm: l.LongTerm(),
		NextInspection: day(l.NextReview), InspectedUntil: monthAfter(l.NextReview), Replacements: &replaced,
		Probation: mark(l.Probation), Address: person.Home.Name + "演示路1号", Phone: person.Phone,
		UpdatedAt: time.Unix(l.Updated.Unix(), 0).In(exchange.Shanghai()),
	}
}

func monthAfter(review time.Time) exchange.Date {
	if review.IsZero() {
		return exchange.Date{}
	}
	return day(review.AddDate(0, 0, 30))
}

func day(moment time.Time) exchange.Date {
	if moment.IsZero() {
		return exchange.Date{}
	}
	year, month, date := moment.In(exchange.Shanghai()).Date()
	return exchange.Date{Year: year, Month: month, Day: date}
}

func mark(set bool) string {
	if set {
		return "1"
	}
	return "2"
}

// split takes a letter and the digit that may follow it.
func split(joined string) []exchange.Class {
	var classes []exchange.Class
	for _, char := range joined {
		if char >= '0' && char <= '9' {
			classes[len(classes)-1] += exchange.Class(char)
			continue
		}
		classes = append(classes, exchange.Class(char))
	}
	return classes
}
