package exchange

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestDisclose(t *testing.T) {
	t.Parallel()
	events := []Event{{StatusAdded, "D"}, {StatusRemoved, "A"}, {Kind: PointsChanged}, {Kind: Replaced}, {Kind: "new.kind"}}
	cases := map[string]struct {
		grants map[Field]Mask
		fields string
		seen   []Event
	}{
		"nothing granted":              {nil, "", nil},
		"a field of another record":    {map[Field]Mask{"phone": MaskNone}, "", nil},
		"points":                       {map[Field]Mask{"points": MaskNone}, "points=12", []Event{{Kind: PointsChanged}}},
		"the letters":                  {map[Field]Mask{"status": MaskNone}, "status=BD", []Event{{StatusAdded, "D"}, {StatusRemoved, "A"}}},
		"hidden letters":               {map[Field]Mask{"status": MaskStrong}, "", nil},
		"may drive, and it did before": {map[Field]Mask{"mayDrive": MaskNone}, "mayDrive=no", []Event{{Kind: StatusAdded}, {Kind: StatusRemoved}}},
		"a masked card number":         {map[Field]Mask{"cardNumber": MaskStrong}, "cardNumber=3**********1", []Event{{Kind: Replaced}}},
		"an unknown mask":              {map[Field]Mask{"points": "blur"}, "", nil},
	}
	for name, c := range cases {
		state := &LicenceState{Stands: everything()}
		if name == "may drive, and it did before" {
			state.Stands.Status = "D"
		}
		fields, seen := state.Disclose(&Decision{Grants: c.grants}, events, now())
		if shown(fields) != c.fields || !slices.Equal(seen, c.seen) {
			t.Errorf("%s: %s and %v, want %s and %v", name, shown(fields), seen, c.fields, c.seen)
		}
	}
}

func shown(fields Disclosed) string {
	text := ""
	for _, field := range fields {
		value := field.Value
		if states, ok := value.([]StatusState); ok {
			letters := ""
			for _, state := range states {
				letters += state.Code
			}
			value = letters
		}
		text += fmt.Sprintf("%s=%v", field.Name, value)
	}
	return text
}

// TestMayDriveAloneTellsNothingElse: who sees only whether its holder may drive learns nothing of a letter that changes nothing there.
func TestMayDriveAloneTellsNothingElse(t *testing.T) {
	t.Parallel()
	state := &LicenceState{Stands: zt("BDJ")} // from BD: could not drive before either
	_, seen := state.Disclose(&Decision{Grants: map[Field]Mask{"mayDrive": MaskNone}}, []Event{{StatusAdded, "J"}}, now())
	if len(seen) != 0 {
		t.Errorf("seen %v", seen)
	}
}

// TestDiscloseNoMoreThanGranted draws decisions: no field is shown that is not granted, none that nobody spoke of, and a platform
// that is granted everything sees every known event.
func TestDiscloseNoMoreThanGranted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		state := &LicenceState{Stands: someFacts("ABD超").Draw(t, "stands")}
		if state.Stands.ValidUntil.IsZero() && !ptr(state.Stands).outlasts(&Facts{ValidUntil: Date{2030, 1, 1}}) {
			state.Stands.LongTerm = nil // "not long-term" alone has no field to show it
		}
		grants := map[Field]Mask{}
		for _, field := range rapid.SliceOf(rapid.SampledFrom(Fields(LicenceQuery))).Draw(t, "granted") {
			grants[field] = rapid.SampledFrom([]Mask{MaskNone, MaskStrong, "blur"}).Draw(t, "mask")
		}
		events := Events(&Facts{}, &state.Stands)
		fields, seen := state.Disclose(&Decision{Grants: grants}, events, now())
		for _, field := range fields {
			if !grants[field.Name].Known() || !slices.Contains(Fields(ChangeDelivery), field.Name) || field.Masked != (grants[field.Name] != MaskNone) {
				t.Fatalf("%+v is shown", field)
			}
		}
		if len(fields) == 0 && len(seen) > 0 || len(seen) > len(events) {
			t.Fatalf("%v seen without a field", seen)
		}
		_, all := state.Disclose(&Decision{Grants: grantAll(ChangeDelivery, MaskNone)}, events, now())
		if !slices.Equal(all, events) {
			t.Fatalf("%v seen of %v", all, events)
		}
	})
}
