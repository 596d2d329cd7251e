package exchange

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestShapeNeverShowsWhatWasNotGranted(t *testing.T) {
	t.Parallel()
	names := append(Fields(LicenceQuery), "points ", "photo", "") // names that no table knows do no harm
	masks := append(everyMask(), "", "unknown")
	rapid.Check(t, func(t *rapid.T) {
		grants := rapid.MapOf(rapid.SampledFrom(names), rapid.SampledFrom(masks)).Draw(t, "grants")
		licence, lacks := fullLicence(), lackList{}
		disclosed := shape(&licence, licenceFields, grants, Today(now()), lacks)
		for i, field := range disclosed {
			mask, granted := grants[field.Name]
			if !granted || !mask.Known() || field.Masked != (mask != MaskNone) || slices.Contains(namesOf(disclosed[:i]), field.Name) {
				t.Fatalf("%s is shown with mask %q", field.Name, mask)
			}
		}
		for _, name := range Fields(LicenceQuery) {
			mask, granted := grants[name]
			if shown := slices.Contains(namesOf(disclosed), name); granted && shown == (lacks[name] != "") || shown && !mask.Known() {
				t.Fatalf("%s with mask %q: shown %v, lacking %q", name, mask, shown, lacks[name])
			}
		}
	})
}

// Under every mask, no field's value may show as it does without one.
func TestEveryMaskHidesEveryField(t *testing.T) {
	t.Parallel()
	licence := fullLicence()
	clear := shape(&licence, licenceFields, grantAll(LicenceQuery, MaskNone), Today(now()), lackList{})
	for _, mask := range everyMask()[1:] {
		for i, field := range shape(&licence, licenceFields, grantAll(LicenceQuery, mask), Today(now()), lackList{}) {
			if fmt.Sprint(field.Value) == fmt.Sprint(clear[i].Value) || !field.Masked {
				t.Errorf("%s with mask %s: %v", field.Name, mask, field.Value)
			}
			if _, isText := field.Value.(string); !isText {
				t.Errorf("%s with mask %s is a %T", field.Name, mask, field.Value)
			}
		}
	}
}

func TestMasked(t *testing.T) {
	t.Parallel()
	cases := []struct {
		value any
		mask  Mask
		want  any
	}{
		{12, MaskNone, 12}, {12, MaskName, nil}, {123456, MaskThirds, nil}, {true, MaskName, nil}, {MayDriveUnknown, MaskThirds, nil},
		{[]Class{"C1", "D"}, MaskName, nil}, {StatusSet("BD").States(), MaskName, nil},
		{Date{2026, 5, 9}, MaskYear, "2026******"}, {Date{2026, 5, 9}, MaskNone, Date{2026, 5, 9}},
		{"2026-05-09T08:30:00+08:00", MaskYear, "2026*********************"}, {"张三", MaskName, "*三"}, {"张三", Mask("new"), "**"},
	}
	for _, c := range cases {
		if got, fits := masked(c.value, c.mask); got != c.want || fits != (c.want != nil) {
			t.Errorf("%v with mask %s: %v (%v), want %v", c.value, c.mask, got, fits, c.want)
		}
	}
}

func TestShapeLicence(t *testing.T) {
	t.Parallel()
	grants := map[Field]Mask{"points": MaskNone, "cycleEnd": MaskNone, "phone": MaskMobile, "address": "new-mask", "probation": MaskNone}
	licence := Licence{Points: ptr(0), FirstIssued: Date{2012, 5, 9}, Phone: "13812345678", Address: "某路", Probation: "9"}
	var result Result
	withheld := result.shapeLicence(&licence, &Decision{Grants: grants}, Today(now()))
	want := Disclosed{{"points", 0, false}, {"cycleEnd", Date{2027, 5, 9}, false}, {"phone", "138****5678", true}}
	if !slices.Equal(result.Licence, want) {
		t.Errorf("%v", result.Licence)
	}
	if codes := withheldCodes(withheld); codes != "[address:mask_unknown probation:source_lacks_field]" {
		t.Errorf("withheld %s", codes)
	}
	for _, w := range withheld {
		if w.Rule == "" || w.Text.ZH == "" || w.Text.EN == "" {
			t.Errorf("%s is withheld without a reason: %+v", w.Field, w)
		}
	}
	if masked := result.Masked(); !slices.Equal(masked, []Field{"phone"}) {
		t.Errorf("masked %v", masked)
	}
}

func withheldCodes(list []Withheld) string {
	codes := []string{}
	for _, w := range list {
		codes = append(codes, fmt.Sprintf("%s:%s", w.Field, w.Code))
	}
	return fmt.Sprint(codes)
}

func TestShapePicture(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		grants   map[Field]Mask
		shown    bool
		withheld string
	}{
		"granted":               {map[Field]Mask{PictureField: MaskNone}, true, "[]"},
		"another field granted": {map[Field]Mask{"points": MaskNone}, false, "[]"},
		"masked":                {map[Field]Mask{PictureField: MaskStrong}, false, "[picture:mask_unknown]"},
	}
	for name, c := range cases {
		var result Result
		withheld := result.shapePicture(&Picture{Data: []byte{1}}, &Decision{Grants: c.grants})
		if (result.Picture != nil) != c.shown || withheldCodes(withheld) != c.withheld {
			t.Errorf("%s: shown %v, withheld %s", name, result.Picture != nil, withheldCodes(withheld))
		}
		disclosed, maskedFields := result.fields()
		if slices.Contains(disclosed, PictureField) != c.shown || maskedFields != nil {
			t.Errorf("%s: fields %v, masked %v", name, disclosed, maskedFields)
		}
	}
}
