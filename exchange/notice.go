package exchange

import (
	"slices"
	"time"
)

// The operations of the synchronisation of changes, as policies and records name them.
const (
	ChangeReport   Operation = "changes.report"  // a party announces a change
	ChangeDelivery Operation = "changes.deliver" // a platform is told of one
)

// EndpointGone is a receiving platform's word that its endpoint is gone for good (HTTP 410). It crosses from an adapter to the
// delivery of changes only and is shown to no caller, so the problem catalogue has no entry for it.
const EndpointGone Code = "endpoint-gone"

// Notice is what one platform is told of one licence: what changed and what stands now, as far as policy lets that platform see
// it. It carries clear personal data, which an adapter may put into request bodies only.
//
// (Licence, Version) makes it idempotent: a receiver that has this version or a higher one does nothing and reports success.
// Versions may be left out, since a newer one says all that stands.
type Notice struct {
	Licence  string    // the licence's key, a pseudonym
	Subject  Subject   // whose licence it is
	Region   Region    // province that keeps the licence
	Version  uint64    // of what stands
	Events   []Event   // what changed since the platform was told last, oldest first
	Fields   Disclosed // what stands, in the order of the field table
	Happened time.Time // when the newest change came about at its reporter
	Origin   string    // who said it first
	Via      []string  // gateways that it passed through, this one last
	Purpose  Purpose   // why this platform is told
}

// Fields names the licence fields that show the aspect.
func (a Aspect) Fields() []Field {
	switch a {
	case AspectStatus:
		return []Field{"status", "mayDrive"}
	case AspectClasses:
		return []Field{"classes"}
	case AspectValidity:
		return []Field{"validUntil", "longTerm", "validity"}
	case AspectReplacement:
		return []Field{"cardNumber", "issuedOn", "replacements"}
	case AspectPoints:
		return []Field{"points"}
	case AspectCycle:
		return []Field{"cycleEnd"}
	}
	return nil
}

// changeFields are the fields of all aspects, in the order of the licence's table.
func changeFields() []Field {
	var shown []Field
	for _, aspect := range Aspects() {
		shown = append(shown, aspect.Fields()...)
	}
	return slices.DeleteFunc(licenceFields.names(), func(f Field) bool { return !slices.Contains(shown, f) })
}

// Said gives the aspects that the facts say anything of, in the order of [Aspects].
func (f *Facts) Said() []Aspect {
	return slices.DeleteFunc(Aspects(), func(a Aspect) bool { return !f.Says(a) })
}
