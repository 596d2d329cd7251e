package exchange

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

// fullLicence has every member set.
func fullLicence() Licence {
	return Licence{
		Name: citizenName, IDNumber: citizenID, IDType: "A", Sex: "1", BirthDate: Date{1949, 12, 31}, Nationality: "156",
		FileNumber: "310012345678", CardNumber: "3180012345678", Classes: []Class{"C1", "D"}, FormerClasses: []Class{"C2"}, Status: "HI",
		Points: ptr(3), CycleEnd: Date{2027, 5, 9}, OverLimitOn: Date{2020, 1, 2}, StudyNoticeOn: Date{2020, 1, 9},
		FirstIssued: Date{2012, 5, 9}, FirstIssuer: "沪A", IssuedOn: Date{2022, 5, 9}, Issuer: "沪A", ValidFrom: Date{2022, 5, 9},
		ValidUntil: Date{2032, 5, 9}, LongTerm: false, NextInspection: Date{2027, 5, 9}, InspectedUntil: Date{2027, 5, 9},
		Replacements: ptr(0), Probation: "2", Address: "上海市黄浦区某路1号", Phone: "13812345678",
		UpdatedAt: time.Date(2026, 11, 20, 0, 30, 0, 0, time.UTC),
	}
}

func fullViolation() Violation {
	return Violation{
		ID: "3101001234567890", Processed: true, DecisionNumber: "310100-1234567890", OccurredAt: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		Place: "某路口", Division: "310101", Act: "1625", ActText: "闯红灯", Points: ptr(6), FineFen: ptr(20000), LateFeeFen: ptr(0),
		Payment: PaymentPaid, PaidOn: Date{2026, 11, 10}, PlateType: "02", PlateNumber: "沪A12345", DecidedOn: Date{2026, 11, 3},
		Authority: "黄浦支队", HasPicture: true, UpdatedAt: time.Date(2026, 11, 20, 0, 30, 0, 0, time.UTC),
	}
}

func grantAll(op Operation, mask Mask) map[Field]Mask {
	grants := map[Field]Mask{}
	for _, field := range Fields(op) {
		grants[field] = mask
	}
	return grants
}

func TestFieldNamesAreUnique(t *testing.T) {
	t.Parallel()
	for _, op := range []Operation{LicenceQuery, ViolationsQuery, PictureQuery} {
		names := Fields(op)
		if len(names) == 0 {
			t.Errorf("%v discloses nothing", op)
		}
		for i, name := range names {
			if name == "" || slices.Contains(names[:i], name) {
				t.Errorf("%v: field %q twice or without a name", op, name)
			}
		}
	}
	if got := Fields("vehicle.query"); got != nil {
		t.Errorf("an unknown operation discloses %v", got)
	}
}

// A record with every member set shows every field; one without any shows none but hasPicture, which always is yes or no.
func TestEveryFieldReadsItsMember(t *testing.T) {
	t.Parallel()
	licence, violation, today := fullLicence(), fullViolation(), Today(now())
	lacks := lackList{}
	full := shape(&licence, licenceFields, grantAll(LicenceQuery, MaskNone), today, lacks)
	if !slices.Equal(namesOf(full), Fields(LicenceQuery)) || len(lacks) != 0 {
		t.Errorf("licence: %v, lacking %v", namesOf(full), lacks)
	}
	full = shape(&violation, violationFields, grantAll(ViolationsQuery, MaskNone), today, lacks)
	if !slices.Equal(namesOf(full), Fields(ViolationsQuery)) || len(lacks) != 0 {
		t.Errorf("violation: %v, lacking %v", namesOf(full), lacks)
	}
	if empty := shape(&Licence{}, licenceFields, grantAll(LicenceQuery, MaskNone), today, lacks); len(empty) != 0 {
		t.Errorf("an empty licence shows %v", namesOf(empty))
	}
	empty := shape(&Violation{}, violationFields, grantAll(ViolationsQuery, MaskNone), today, lacks)
	if !slices.Equal(namesOf(empty), []Field{"hasPicture"}) {
		t.Errorf("an empty violation shows %v", namesOf(empty))
	}
}

func namesOf(disclosed Disclosed) []Field {
	names := []Field{}
	for _, field := range disclosed {
		names = append(names, field.Name)
	}
	return names
}

// Each member, set alone, must be shown by some field, or a source would say something that no policy can grant. The members
// that no field shows are named here.
func TestEveryMemberIsCovered(t *testing.T) {
	t.Parallel()
	licence, violation := fullLicence(), fullViolation()
	membersShown(t, licence, []string{"IDType"}, func(l Licence) int {
		return len(shape(&l, licenceFields, grantAll(LicenceQuery, MaskNone), Today(now()), lackList{}))
	})
	violation.HasPicture = false // shown either way
	membersShown(t, violation, []string{"Processed", "UpdatedAt", "HasPicture"}, func(v Violation) int {
		return len(shape(&v, violationFields, grantAll(ViolationsQuery, MaskNone), Today(now()), lackList{}))
	})
}

func membersShown[T any](t *testing.T, full T, internal []string, shown func(T) int) {
	t.Helper()
	var zero T
	for i, member := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		one := zero
		target := reflect.ValueOf(&one).Elem().Field(i)
		target.Set(reflect.ValueOf(full).Field(i))
		if member.Name == "LongTerm" {
			target.SetBool(true)
		}
		if hidden := shown(one) == shown(zero); hidden != slices.Contains(internal, member.Name) {
			t.Errorf("%s: hidden %v", member.Name, hidden)
		}
	}
}

func TestFieldValues(t *testing.T) {
	t.Parallel()
	licence := fullLicence()
	got := map[Field]any{}
	for _, field := range shape(&licence, licenceFields, grantAll(LicenceQuery, MaskNone), Today(now()), lackList{}) {
		got[field.Name] = field.Value
	}
	for name, want := range map[Field]any{
		"points": 3, "replacements": 0, "probation": false, "longTerm": false, "mayDrive": MayDriveYes, "validity": ValidityValid,
		"cycleEnd": Date{2027, 5, 9}, "updatedAt": "2026-11-20T08:30:00+08:00", "issuer": "沪A",
	} {
		if got[name] != want {
			t.Errorf("%s: %#v, want %#v", name, got[name], want)
		}
	}
}
