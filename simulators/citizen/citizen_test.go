package citizen_test

import (
	"bytes"
	"encoding/json"
	"image/jpeg"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

func asOf() time.Time { return time.Date(2026, 11, 24, 8, 30, 0, 0, time.UTC) }

func dataSet(t interface{ Fatal(...any) }, seed uint64, at time.Time, size int) *citizen.Registry {
	registry, err := citizen.New(seed, at, size)
	if err != nil {
		t.Fatal(err)
	}
	return registry
}

func TestCheckCharacter(t *testing.T) {
	t.Parallel()
	// GB 11643-1999, annex A, gives both examples.
	for first17, want := range map[string]byte{
		"11010519491231002": 'X', "44052418800101001": '4', "1101051949123100": 0, "1101051949123100a": 0,
	} {
		if got := citizen.CheckCharacter(first17); got != want {
			t.Errorf("CheckCharacter(%s) = %q, want %q", first17, got, want)
		}
	}
}

func TestSameSeedGivesTheSamePeople(t *testing.T) {
	t.Parallel()
	first, second := dataSet(t, 7, asOf(), 150), dataSet(t, 7, asOf(), 150)
	if !reflect.DeepEqual(first.All(), second.All()) {
		t.Fatal("one seed and one date gave two data sets")
	}
	if reflect.DeepEqual(first.All(), dataSet(t, 8, asOf(), 150).All()) {
		t.Fatal("two seeds gave one data set")
	}
}

func TestPersonasStayWhateverTheSeedAndTheDate(t *testing.T) {
	t.Parallel()
	fixed := dataSet(t, 1, asOf(), 0).Personas()
	other := dataSet(t, 99, asOf().AddDate(0, 5, 3), 40).Personas()
	if !reflect.DeepEqual(fixed, other) {
		t.Fatalf("personas moved:\n%v\n%v", fixed, other)
	}
	encoded, err := json.Marshal(fixed[0])
	if err != nil || !bytes.Contains(encoded, []byte(`"descriptionZh"`)) || !bytes.Contains(encoded, []byte(`"vehicles":[]`)) {
		t.Fatalf("persona as JSON: %s %v", encoded, err)
	}
}

func TestEveryLetterClassAndProvinceIsThere(t *testing.T) {
	t.Parallel()
	letters, classes, provinces := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, person := range dataSet(t, 1, asOf(), 120).All() {
		letters[person.Licence.Status] = true
		classes[person.Licence.Classes] = true
		provinces[person.Home.Province()] = true
	}
	for _, want := range strings.Fields("A B C D E F G H I J K L M N P R S T U Z X BDJ HI BD MS") {
		if !letters[want] {
			t.Errorf("no licence has status %s", want)
		}
	}
	for _, want := range strings.Fields("A1 A2 A3 B1 B2 C1 C2 C3 C4 C5 C6 D E F M N P A1A2D C1D B2E") {
		if !classes[want] {
			t.Errorf("no licence has classes %s", want)
		}
	}
	if len(provinces) != 31 {
		t.Errorf("people live in %d provincial regions, want 31", len(provinces))
	}
}

func TestDataSetIsConsistent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := asOf().AddDate(0, 0, rapid.IntRange(-400, 1500).Draw(t, "days"))
		registry := dataSet(t, rapid.Uint64().Draw(t, "seed"), at, 130)
		seen := map[string]bool{}
		for _, person := range registry.All() {
			checkPerson(t, person)
			checkLicence(t, person, at)
			for _, key := range keysOf(person) {
				if seen[key] {
					t.Fatalf("key %s comes twice", key)
				}
				seen[key] = true
			}
		}
	})
}

func keysOf(person citizen.Citizen) []string {
	keys := []string{"id " + person.IDNumber}
	if person.Licensed() {
		keys = append(keys, "file "+person.Licence.FileNumber, "card "+person.Licence.CardNumber)
	}
	for _, vehicle := range person.Vehicles {
		keys = append(keys, "plate "+vehicle.Plate)
		for _, camera := range vehicle.Cameras {
			keys = append(keys, "camera "+camera.Serial)
		}
	}
	return keys
}

func checkPerson(t *rapid.T, person citizen.Citizen) {
	number := person.IDNumber
	if len(number) != 18 || citizen.CheckCharacter(number[:17]) != number[17] {
		t.Fatalf("%s is no identity number", number)
	}
	if birth, err := time.Parse("20060102", number[6:14]); err != nil || birth.Format("2006-01-02") != citizen.Day(person.Birth) {
		t.Fatalf("%s does not carry the birth %s", number, citizen.Day(person.Birth))
	}
	if person.Home.Code != number[:6] || person.Home.Office == "" {
		t.Fatalf("%s was not registered in %v", number, person.Home)
	}
}

func checkLicence(t *rapid.T, person citizen.Citizen, at time.Time) {
	if !person.Licensed() {
		return
	}
	licence := person.Licence
	if len(licence.FileNumber) != 12 || len(licence.CardNumber) != 13 {
		t.Fatalf("file %s, card %s", licence.FileNumber, licence.CardNumber)
	}
	if age := licence.FirstIssued.Sub(person.Birth).Hours() / 24 / 365; age < 18 {
		t.Fatalf("%s was licensed at %.1f", person.IDNumber, age)
	}
	row := person.LicenceRow().Map()
	checkCycle(t, licence, row["qfrq"], at)
	if licence.Issued.Before(licence.ValidFrom) || licence.Updated.After(at) {
		t.Fatalf("issued %v from %v updated %v", licence.Issued, licence.ValidFrom, licence.Updated)
	}
	checkStatus(t, licence, at)
}

// checkCycle recomputes the clearing date and the points from the row's own texts, by another way than the maker's.
func checkCycle(t *rapid.T, licence citizen.Licence, clearing string, at time.Time) {
	today := citizen.Day(at)
	first := citizen.Day(licence.FirstIssued)[5:]
	next := func(year int) string {
		day := first
		leap := time.Date(year, 2, 29, 0, 0, 0, 0, time.UTC).Month() == time.February
		if first == "02-29" && !leap {
			day = "02-28"
		}
		return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006-") + day
	}
	year := at.In(citizen.Zone()).Year()
	want, start := next(year), next(year-1)
	if want <= today {
		want, start = next(year+1), next(year)
	}
	if clearing != want {
		t.Fatalf("first issued %s, today %s: qfrq %s, want %s", citizen.Day(licence.FirstIssued), today, clearing, want)
	}
	sum := 0
	for _, decision := range licence.Decisions {
		if citizen.Day(decision.Decided) >= start {
			sum += decision.Offence.Points
		}
	}
	if sum != licence.Points {
		t.Fatalf("ljjf %d, decisions of the cycle add up to %d", licence.Points, sum)
	}
}

func checkStatus(t *rapid.T, licence citizen.Licence, at time.Time) {
	if strings.Contains(licence.Status, "B") != (licence.Points >= 12) {
		t.Fatalf("status %s with %d points", licence.Status, licence.Points)
	}
	if licence.OverLimit.IsZero() != (licence.Points < 12) {
		t.Fatalf("%d points, over the limit on %v", licence.Points, licence.OverLimit)
	}
	if over := !licence.LongTerm() && licence.ValidUntil.Before(at.AddDate(0, 0, -1)); over != strings.ContainsAny(licence.Status, "MNGR") {
		t.Fatalf("status %s, valid until %v", licence.Status, licence.ValidUntil)
	}
}

// Each handled camera violation led to a decision with the vehicle's plate, each unhandled one to none (公安部令第157号,
// articles 19 and 20: points and fine arise at the decision).
func TestCamerasAndDecisionsBelongTogether(t *testing.T) {
	t.Parallel()
	handled, open := 0, 0
	for _, person := range dataSet(t, 1, asOf(), 200).All() {
		decisions := map[string]citizen.Decision{}
		for _, decision := range person.Licence.Decisions {
			decisions[decision.Serial] = decision
		}
		for _, vehicle := range person.Vehicles {
			for _, camera := range vehicle.Cameras {
				decision, decided := decisions[camera.Serial]
				if decided != camera.Handled || decided && (decision.Plate != vehicle.Plate || camera.Entered.After(decision.Decided)) {
					t.Errorf("camera %+v, decision %+v", camera, decision)
				}
				if camera.Entered.Before(camera.Occurred) || camera.Entered.After(asOf()) {
					t.Errorf("camera entered %v, occurred %v", camera.Entered, camera.Occurred)
				}
				if camera.Handled {
					handled++
				} else {
					open++
				}
			}
		}
	}
	if handled == 0 || open == 0 {
		t.Fatalf("%d handled, %d not", handled, open)
	}
}

func TestPicturesAreJPEG(t *testing.T) {
	t.Parallel()
	person, _ := dataSet(t, 1, asOf(), 0).Persona("unprocessed-violations")
	cameras := person.Vehicles[0].Cameras
	picture, err := cameras[0].Picture()
	if err != nil {
		t.Fatal(err)
	}
	shape, err := jpeg.DecodeConfig(bytes.NewReader(picture))
	if err != nil || shape.Width != 320 || shape.Height != 200 {
		t.Fatalf("picture %v %v", shape, err)
	}
	if second, _ := cameras[1].Picture(); bytes.Equal(picture, second) {
		t.Fatal("two violations have one picture")
	}
}

func TestUpdateReachesReadersAndCopiesDoNot(t *testing.T) {
	t.Parallel()
	registry := dataSet(t, 1, asOf(), 0)
	before, _ := registry.Persona("unprocessed-violations")
	before.Vehicles[0].Cameras[0].Handled = true
	registry.Update(before.IDNumber, func(person *citizen.Citizen) { person.Licence.Status = "A" })
	after, _ := registry.Find(before.IDNumber)
	if after.Licence.Status != "A" || after.Vehicles[0].Cameras[0].Handled {
		t.Fatalf("status %s, handled %v", after.Licence.Status, after.Vehicles[0].Cameras[0].Handled)
	}
	if registry.Update("unknown", func(*citizen.Citizen) {}) {
		t.Fatal("an unknown number was updated")
	}
}
