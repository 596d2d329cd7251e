package tmri_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

func serve(t testing.TB, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// day is written for the tests alone: what is expected shall not come from the code under test.
func day(moment time.Time) exchange.Date {
	if moment.IsZero() {
		return exchange.Date{}
	}
	year, month, date := moment.In(exchange.Shanghai()).Date()
	return exchange.Date{Year: year, Month: month, Day: date}
}

func second(moment time.Time) time.Time {
	return time.Unix(moment.Unix(), 0).In(exchange.Shanghai())
}

// licenceOf is what the data set says of a person's licence.
func licenceOf(person citizen.Citizen) exchange.Licence {
	licence := person.Licence
	points, replaced, probation := licence.Points, licence.Replaced, "2"
	if licence.Probation {
		probation = "1"
	}
	var inspected time.Time
	if !licence.NextReview.IsZero() {
		inspected = licence.NextReview.AddDate(0, 0, 30)
	}
	return exchange.Licence{
		Name: person.Name, IDNumber: person.IDNumber, IDType: "A", Sex: person.Sex, BirthDate: day(person.Birth), Nationality: "156",
		FileNumber: licence.FileNumber, CardNumber: licence.CardNumber, Classes: classes(licence.Classes),
		FormerClasses: classes(licence.FormerClasses), Status: exchange.StatusSet(licence.Status), Points: &points,
		CycleEnd: day(licence.NextClearing), OverLimitOn: day(licence.OverLimit), StudyNoticeOn: day(licence.OverLimit),
		FirstIssued: day(licence.FirstIssued), FirstIssuer: licence.Office.Office, IssuedOn: day(licence.Issued),
		Issuer: licence.Office.Office, ValidFrom: day(licence.ValidFrom), ValidUntil: day(licence.ValidUntil),
		LongTerm: licence.LongTerm(), NextInspection: day(licence.NextReview), InspectedUntil: day(inspected),
		Replacements: &replaced, Probation: probation, Address: person.Home.Name + "演示路1号", Phone: person.Phone,
		UpdatedAt: second(licence.Updated),
	}
}

// classes splits by hand: a letter and the digit that may follow it.
func classes(joined string) []exchange.Class {
	var list []exchange.Class
	for _, char := range joined {
		if char >= '0' && char <= '9' {
			list[len(list)-1] += exchange.Class(char)
			continue
		}
		list = append(list, exchange.Class(char))
	}
	return list
}

func violationsOf(person citizen.Citizen) []exchange.Violation {
	var list []exchange.Violation
	for _, decision := range person.Licence.Decisions {
		list = append(list, decisionOf(decision))
	}
	for _, camera := range open(person) {
		list = append(list, exchange.Violation{
			ID: camera.Serial, OccurredAt: second(camera.Occurred), Place: camera.Place.Name + "演示路口", Division: camera.Place.Code,
			Act: camera.Offence.Code, PlateType: person.Vehicles[0].PlateKind, PlateNumber: person.Vehicles[0].Plate,
			Authority: "演示交警支队", HasPicture: true,
		})
	}
	return list
}

func decisionOf(d citizen.Decision) exchange.Violation {
	points, fine, late := d.Offence.Points, d.Offence.Yuan*100, 0
	updated := d.Decided
	if d.PaidAt.After(updated) {
		updated = d.PaidAt
	}
	return exchange.Violation{
		ID: d.Serial, Processed: true, DecisionNumber: d.Number, OccurredAt: second(d.Occurred), Place: d.Place.Name + "演示路口",
		Division: d.Place.Code, Act: d.Offence.Code, Points: &points, FineFen: &fine, LateFeeFen: &late,
		Payment: map[string]exchange.Payment{"0": exchange.PaymentUnpaid, "1": exchange.PaymentPaid, "9": exchange.PaymentNone}[d.Paid],
		PaidOn:  day(d.PaidAt), PlateType: d.PlateKind, PlateNumber: d.Plate, DecidedOn: day(d.Decided), Authority: "演示交警支队",
		UpdatedAt: second(updated),
	}
}

func pictureOf(t testing.TB, person citizen.Citizen) exchange.Picture {
	t.Helper()
	camera := open(person)[0]
	data, err := camera.Picture()
	if err != nil {
		t.Fatal(err)
	}
	return exchange.Picture{
		Violation: camera.Serial, MediaType: "image/jpeg", Data: data,
		Vehicle: exchange.Vehicle{PlateType: person.Vehicles[0].PlateKind, PlateNumber: person.Vehicles[0].Plate},
	}
}
