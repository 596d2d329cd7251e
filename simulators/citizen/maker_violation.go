package citizen

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// addVehicles registers the planned vehicles, the unhandled camera violations on the first.
func (m *maker) addVehicles(person *Citizen, plan blueprint) {
	for number := range plan.vehicles {
		vehicle := m.vehicle(person)
		if number == 0 {
			for range plan.unhandled {
				vehicle.Cameras = append(vehicle.Cameras, m.unhandled(person.Home))
				vehicle.Status = "G"
			}
		}
		person.Vehicles = append(person.Vehicles, vehicle)
	}
}

func (m *maker) vehicle(person *Citizen) Vehicle {
	office := person.Home.Office
	if person.Licensed() {
		office = person.Licence.Office.Office
	}
	kind := "02"
	if strings.HasPrefix(person.Licence.Classes, "D") || strings.HasPrefix(person.Licence.Classes, "E") {
		kind = "07"
	}
	return Vehicle{
		PlateKind: kind, Plate: m.plate(office), Brand: "演示牌", Colour: pick(m.random, []string{"A", "B", "E", "J"}), Status: "A",
		Registered: m.today.AddDate(0, 0, -between(m.random, 200, 2500)), ValidUntil: m.today.AddDate(0, 0, between(m.random, 30, 700)),
	}
}

// plate gives the next plate: a letter without I and O, then four digits (GA 36). 240 000 come before one repeats.
func (m *maker) plate(office string) string {
	m.plates++
	number := m.plates * 7_919 % 240_000
	return fmt.Sprintf("%s%c%04d", office, "ABCDEFGHJKLMNPQRSTUVWXYZ"[number/10_000], number%10_000)
}

func (m *maker) unhandled(place Division) CameraViolation {
	occurred := m.today.AddDate(0, 0, -between(m.random, 6, 60)).Add(time.Duration(between(m.random, 6*3600, 22*3600)) * time.Second)
	return CameraViolation{
		Serial: m.violationSerial(place), Offence: pick(m.random, cameraOffences()), Occurred: occurred,
		Entered: occurred.AddDate(0, 0, between(m.random, 1, 5)), Place: place,
	}
}

func (m *maker) violationSerial(place Division) string {
	return fmt.Sprintf("%s%010d", place.Code, m.serial())
}

// addDecisions splits the points over decisions of the current cycle and adds what shows the rest: one decision of the
// cycle before, paid, and now and then a warning. The first decision was seen by a camera when there is a vehicle.
func (m *maker) addDecisions(person *Citizen, points int) {
	if !person.Licensed() {
		return
	}
	start := cycleStart(person.Licence.FirstIssued, m.today)
	for left := points; left > 0; {
		offence := pick(m.random, offencesWorth(left))
		left -= offence.Points
		m.decide(person, offence, start, m.today)
	}
	m.addBackground(person, start)
	m.linkCamera(person)
	person.Licence.OverLimit = overLimit(person.Licence.Decisions, start)
	person.Licence.Updated = m.updated(person.Licence)
}

// addBackground adds decisions that must not count: of the cycle before, and a warning without points.
func (m *maker) addBackground(person *Citizen, start time.Time) {
	if before := start.AddDate(0, 0, -300); before.After(person.Licence.FirstIssued) && m.random.IntN(3) == 0 {
		m.decide(person, offenceCoded("1344"), before, start.AddDate(0, 0, -30))
		last := &person.Licence.Decisions[len(person.Licence.Decisions)-1]
		last.Paid, last.PaidAt = "1", dayOf(last.Decided).AddDate(0, 0, 3) // unpaid, it would carry over (第163号, article 15)
	}
	if m.random.IntN(4) == 0 {
		m.decide(person, offenceCoded("1116"), start, m.today)
	}
}

// decide appends one decision made on a day from the first up to, not including, the last.
func (m *maker) decide(person *Citizen, offence Offence, first, last time.Time) {
	decided := first
	if days := int(last.Sub(first).Hours() / 24); days > 0 {
		decided = first.AddDate(0, 0, m.random.IntN(days)).Add(time.Duration(between(m.random, 9*3600, 17*3600)) * time.Second)
	}
	occurred := decided.Add(-time.Duration(between(m.random, 1, 480)) * time.Hour)
	if occurred.Before(person.Licence.FirstIssued) {
		occurred = person.Licence.FirstIssued
	}
	decision := Decision{
		Number: fmt.Sprintf("%s%09d", person.Licence.Office.Code, m.serial()), Serial: m.violationSerial(person.Licence.Office),
		Offence: offence, Occurred: occurred, Decided: decided, Place: person.Licence.Office,
	}
	decision.Paid, decision.PaidAt = m.payment(offence, decided)
	person.Licence.Decisions = append(person.Licence.Decisions, decision)
}

func (m *maker) payment(offence Offence, decided time.Time) (string, time.Time) {
	if offence.Yuan == 0 {
		return "9", time.Time{}
	}
	paidAt := dayOf(decided).AddDate(0, 0, between(m.random, 1, 12))
	if m.random.IntN(3) == 0 || paidAt.After(m.today) {
		return "0", time.Time{}
	}
	return "1", paidAt
}

// linkCamera gives the first decision that a camera can have led to the vehicle's plate, and the vehicle the camera's
// record, now handled.
func (m *maker) linkCamera(person *Citizen) {
	if len(person.Vehicles) == 0 {
		return
	}
	vehicle := &person.Vehicles[0]
	for number := range person.Licence.Decisions {
		decision := &person.Licence.Decisions[number]
		if !slices.Contains(cameraOffences(), decision.Offence) {
			continue
		}
		decision.PlateKind, decision.Plate = vehicle.PlateKind, vehicle.Plate
		vehicle.Cameras = append(vehicle.Cameras, decision.camera())
		return
	}
}

// camera gives the record that a decision came from. It was entered the day after, or at the decision if that was sooner.
func (d Decision) camera() CameraViolation {
	entered := d.Occurred.AddDate(0, 0, 1)
	if entered.After(d.Decided) {
		entered = d.Decided
	}
	return CameraViolation{
		Serial: d.Serial, Offence: d.Offence, Occurred: d.Occurred, Entered: entered, Place: d.Place, Handled: true,
	}
}
