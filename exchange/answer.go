package exchange

import (
	"context"
	"strings"
	"time"
)

// clockTolerance is how far a source's clock may run ahead of ours; the widest skew that a platform's protocol permits is 180 s.
const clockTolerance = 180 * time.Second

// read asks the source for what the operation wants and shapes it.
func (i inquiry) read(ctx context.Context, source *Source) (time.Time, error) {
	a, d, today := i.answer, i.decision, Today(i.query.Received)
	switch i.query.Operation {
	case LicenceQuery:
		sighting, err := source.Licences.Licence(ctx, i.request)
		if err != nil {
			return time.Time{}, err
		}
		if err := i.belongs(&sighting.Value, source); err != nil {
			return time.Time{}, err
		}
		a.conclude(d, a.Result.shapeLicence(&sighting.Value, d, today))
		return sighting.AsOf, nil
	case StudyQuery:
		sighting, err := source.Licences.Licence(ctx, i.request)
		if err != nil {
			return time.Time{}, err
		}
		if err := i.belongs(&sighting.Value, source); err != nil {
			return time.Time{}, err
		}
		missing, err := i.judge(ctx, &sighting.Value)
		a.conclude(d, missing)
		return sighting.AsOf, err
	case ViolationsQuery:
		if err := i.confirm(ctx, source); err != nil {
			return time.Time{}, err
		}
		sighting, err := source.Violations.Violations(ctx, i.request)
		if err != nil {
			return time.Time{}, err
		}
		a.conclude(d, a.Result.shapeViolations(sighting.Value, d, today))
		if len(i.query.Vehicles) == 0 {
			a.notAsked()
		}
		return sighting.AsOf, nil
	case PictureQuery:
		if err := i.confirm(ctx, source); err != nil {
			return time.Time{}, err
		}
		sighting, err := source.Pictures.Picture(ctx, i.request)
		if err != nil {
			return time.Time{}, err
		}
		if sighting.Value.Violation != "" && sighting.Value.Violation != i.query.Violation {
			return time.Time{}, Errorf(SourceInvalid, "the source gave another violation's picture")
		}
		a.conclude(d, a.Result.shapePicture(&sighting.Value, d))
		return sighting.AsOf, nil
	}
	return time.Time{}, Errorf(Internal, "unknown operation %q", string(i.query.Operation))
}

// notAsked leaves the unprocessed violations out and says why: camera records are kept by vehicle, so without one nobody was
// asked, and an empty list would read as "nothing outstanding".
func (a *Answer) notAsked() {
	a.Result.Unprocessed = nil
	a.Withheld = append(a.Withheld, Withheld{Field: "unprocessed", Code: vehiclesNotStated, Rule: shapeRule, Text: lackText(vehiclesNotStated)})
}

// confirm reads the licence before anything else is asked about its holder: violations and pictures carry neither name nor
// province, and both were what policy decided by.
func (i inquiry) confirm(ctx context.Context, source *Source) error {
	if source.Licences == nil {
		return Errorf(OperationNotOffered, "source %s can't tell whose licence it is", source.ID)
	}
	sighting, err := source.Licences.Licence(ctx, i.request)
	if err != nil {
		return err
	}
	return i.belongs(&sighting.Value, source)
}

// belongs makes sure that the licence is the subject's and is kept where the question says.
func (i inquiry) belongs(licence *Licence, source *Source) error {
	if err := i.query.Subject.owns(licence); err != nil {
		return err
	}
	return licence.keptIn(i.query.Region, source)
}

// conclude sets what is withheld: by policy, and for want of data.
func (a *Answer) conclude(d *Decision, missing []Withheld) {
	a.Withheld = append(append([]Withheld{}, d.Withheld...), missing...)
}

// owns makes sure that the record is the subject's. Another person's ID number is a wrong answer of the source; another name
// or file number means that the question's parts don't belong together.
func (s *Subject) owns(l *Licence) error {
	if l.IDNumber != "" && !strings.EqualFold(l.IDNumber, s.IDNumber.Reveal()) {
		return Errorf(SourceInvalid, "the source gave another person's record")
	}
	if l.Name != "" && !SameName(l.Name, s.Name) {
		return &Error{Code: IdentityMismatch}
	}
	if s.FileNumber != "" && l.FileNumber != "" && l.FileNumber != s.FileNumber {
		return &Error{Code: IdentityMismatch}
	}
	return nil
}

// stamp says where the data comes from and how old it is, and applies the decision's bound on age.
func (a *Answer) stamp(source *Source, asOf time.Time, d *Decision, now time.Time) error {
	a.Provenance = Provenance{
		Source: source.ID, Region: source.Region, AsOf: asOf.UTC().Truncate(time.Second), Freshness: d.Freshness,
		AgeBound: int64(d.AgeBound / time.Second),
	}
	if asOf.IsZero() {
		return Errorf(SourceInvalid, "the source's data is not dated")
	}
	if asOf.Sub(now) > clockTolerance {
		return Errorf(SourceInvalid, "the source's data is dated in the future")
	}
	if now.Sub(asOf) < d.AgeBound+time.Second { // bounds are whole seconds: 0 means "of this second"
		return nil
	}
	a.Provenance.Stale = true
	if d.OnStale == StaleMark {
		return nil
	}
	return &Error{Code: TooOld, Source: source.ID}
}
