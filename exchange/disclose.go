package exchange

import (
	"slices"
	"time"
)

// Disclose gives what the decision lets a platform see: of what stands at the moment now, and of the events that led there. An
// event is seen by whoever sees a field that it is about; which letter came or went, only by who sees the letters.
func (state *LicenceState) Disclose(d *Decision, events []Event, now time.Time) (Disclosed, []Event) {
	f := &state.Stands
	licence := Licence{
		Status: f.Status, Classes: f.Classes, ValidUntil: f.ValidUntil, LongTerm: f.LongTerm != nil && *f.LongTerm,
		CardNumber: f.CardNumber, Replacements: f.Replacements, IssuedOn: f.IssuedOn, Points: f.Points, CycleEnd: f.CycleEnd,
	}
	grants := map[Field]Mask{}
	for _, aspect := range f.Said() {
		for _, field := range aspect.Fields() {
			if mask, granted := d.Grants[field]; granted {
				grants[field] = mask
			}
		}
	}
	fields := shape(&licence, licenceFields, grants, Today(now), lackList{})
	var visible []Event
	for _, event := range events {
		if event, seen := fields.sees(event, f.Status, events); seen && !slices.Contains(visible, event) {
			visible = append(visible, event)
		}
	}
	return fields, visible
}

// sees gives the event as somebody who sees these fields may be told of it.
func (fields Disclosed) sees(event Event, status StatusSet, events []Event) (Event, bool) {
	shown := map[Field]bool{} // true: whole
	for _, field := range fields {
		shown[field.Name] = !field.Masked
	}
	aspect := event.Kind.Aspect()
	if aspect != AspectStatus {
		return event, slices.ContainsFunc(aspect.Fields(), func(f Field) bool { _, ok := shown[f]; return ok })
	}
	if shown["status"] {
		return event, true
	}
	return Event{Kind: event.Kind}, shown["mayDrive"] && status.before(events).MayDrive() != status.MayDrive()
}

// before gives the letters that the status had before the events.
func (s StatusSet) before(events []Event) StatusSet {
	set := s
	for _, event := range events {
		switch event.Kind {
		case StatusAdded:
			set = set.Minus(StatusSet(event.Letter))
		case StatusRemoved:
			set = ParseStatus(string(set) + event.Letter)
		}
	}
	return set
}
