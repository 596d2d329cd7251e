package tmri_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/tmri"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	standin "github.com/zhengqiao/zhengqiao/simulators/tmri"
)

const serial = "7F1C0A0D0B0E0102030405060708090A"

// dialects are the three ways to ask; the contract holds for each.
var dialects = []struct{ name, port, operation, path string }{
	{"old port", tmri.PortOld, "queryObjectOut", standin.PathOld},
	{"new port, nine arguments", tmri.PortNew, "queryObjectOut", standin.PathNew},
	{"new port, ten arguments", tmri.PortNew, "queryObjectOutNew", standin.PathNew},
}

func TestContract(t *testing.T) {
	t.Parallel()
	for _, dialect := range dialects {
		t.Run(dialect.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			purpose := []string{"OPERATOR-7", "310000000400"}
			if dialect.port == tmri.PortOld {
				purpose = nil // it has no audit fields
			}
			adaptertest.Exercise(t, adaptertest.Harness{
				Start: f.start, Now: f.now, Questions: f.questions(), Purpose: purpose,
				Lacks: map[adaptertest.Fault]string{adaptertest.ClockSkew: "no argument carries a time"},
				Open: func(base string, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Source, error) {
					config := settings(base + dialect.path)
					config.Port, config.Operation = dialect.port, dialect.operation
					deps.Secrets = func(string) (string, error) {
						if credential == adaptertest.WrongCredential {
							return "00", nil
						}
						return serial, nil
					}
					return tmri.Open("tmri-demo", "310000", adaptertest.Settings(config), deps)
				},
			})
		})
	}
}

func settings(url string) tmri.Config {
	return tmri.Config{
		URL: url, Serial: "file:demo.serial", Scene: "S1",
		Interfaces: tmri.Interfaces{
			Licence: tmri.Interface{ID: "02C06"}, Decisions: tmri.Interface{ID: "04C01"}, Cameras: tmri.Interface{ID: "04C03"},
			Picture: tmri.Interface{ID: "04C04"}, Vehicle: tmri.Interface{ID: "01C21", System: "01"},
		},
		Audit: tmri.Audit{Unit: "310000", UnitName: "演示单位", User: "gateway", UserName: "政桥", Terminal: "127.0.0.1"},
		HTTP: outbound.Config{
			Allow: []string{"127.0.0.0/8"}, Timeout: 30 * time.Second, RetryWait: time.Millisecond,
		},
	}
}

// fixture is the data set and what is asked of it.
type fixture struct {
	t        testing.TB
	now      time.Time
	registry *citizen.Registry
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, citizen.Zone())
	registry, err := citizen.New(1, now, 150)
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{t: t, now: now, registry: registry}
}

func (f *fixture) start(t testing.TB, clock func() time.Time) adaptertest.Platform {
	server, err := standin.New(standin.Config{Serials: map[string]standin.Grant{
		serial: {Interfaces: []string{"02C06", "04C01", "04C03", "04C04", "01C21"}},
	}}, f.registry, clock)
	if err != nil {
		t.Fatal(err)
	}
	return adaptertest.Platform{
		Handler: server, Calls: server.Calls,
		Break: func(kind adaptertest.Fault, times int, length time.Duration) error {
			return server.Faults().Set(fault.Fault{Kind: fault.Kind(kind), Times: times, Duration: length})
		},
	}
}

func (f *fixture) person(key string) citizen.Citizen {
	f.t.Helper()
	person, ok := f.registry.Persona(key)
	if !ok {
		f.t.Fatalf("no persona %s", key)
	}
	return person
}

func (f *fixture) request(person citizen.Citizen) exchange.SourceRequest {
	f.t.Helper()
	number, err := exchange.ParseIDNumber(person.IDNumber, f.now)
	if err != nil {
		f.t.Fatal(err)
	}
	return exchange.SourceRequest{
		QueryID: "q-1", Caller: "demo", Region: "310000",
		Subject: exchange.Subject{Name: person.Name, IDNumber: number, FileNumber: person.Licence.FileNumber},
		Purpose: exchange.Purpose{
			Code: "licence-check", Matter: "M1", MatterName: "驾驶证核查", Case: "CASE-2026-1", Operator: "OPERATOR-7",
			Unit: "310000000400", UnitName: "演示受理中心", LegalBasis: "PIPL-13-3",
		},
	}
}

func (f *fixture) vehicles(person citizen.Citizen) []exchange.Vehicle {
	var vehicles []exchange.Vehicle
	for _, vehicle := range person.Vehicles {
		vehicles = append(vehicles, exchange.Vehicle{PlateType: vehicle.PlateKind, PlateNumber: vehicle.Plate})
	}
	return vehicles
}

// mixedUp are the codes of a question that looks at an owner too: which of the mixed-up records is met first is not fixed.
var mixedUp = map[adaptertest.Fault][]exchange.Code{
	adaptertest.WrongPerson: {exchange.SourceInvalid, exchange.IdentityMismatch},
}

func (f *fixture) questions() []adaptertest.Question {
	driver, stranger := f.person("unprocessed-violations"), f.person("relative")
	violations, picture := f.request(driver), f.request(driver)
	violations.Vehicles = f.vehicles(driver)
	picture.Violation = open(driver)[0].Serial
	othersPlate, othersPicture, noPicture := violations, f.request(stranger), picture
	othersPlate.Vehicles = f.vehicles(stranger)
	othersPicture.Violation = picture.Violation
	noPicture.Violation = "0"
	noPlate := violations
	noPlate.Vehicles = []exchange.Vehicle{{PlateType: "02", PlateNumber: "沪Z9999"}}
	return []adaptertest.Question{
		{
			Operation: exchange.LicenceQuery, Request: f.request(f.person("over-limit-zhejiang")), AsOf: f.now,
			Want: licenceOf(f.person("over-limit-zhejiang")),
			Refusals: []adaptertest.Refusal{
				{Name: "no licence", Request: f.request(f.person("no-licence")), Want: exchange.NoRecord},
				{Name: "not archived", Request: f.request(f.person("not-archived")), Want: exchange.RecordNotArchived},
				{Name: "document expired", Request: f.request(f.person("id-expired")), Want: exchange.IDDocumentExpired},
				{Name: "no subject", Request: exchange.SourceRequest{}, Want: exchange.InvalidRequest},
			},
		},
		{
			Operation: exchange.ViolationsQuery, Request: violations, AsOf: f.now, Want: violationsOf(driver), Faults: mixedUp,
			Refusals: []adaptertest.Refusal{
				{Name: "another's vehicle", Request: othersPlate, Want: exchange.IdentityMismatch},
				{Name: "no such vehicle", Request: noPlate, Want: exchange.IdentityMismatch},
			},
		},
		{
			Operation: exchange.PictureQuery, Request: picture, AsOf: f.now, Want: pictureOf(f.t, driver), Faults: mixedUp,
			Refusals: []adaptertest.Refusal{
				{Name: "another's picture", Request: othersPicture, Want: exchange.IdentityMismatch},
				{Name: "no such picture", Request: noPicture, Want: exchange.NoRecord},
			},
		},
	}
}

func open(person citizen.Citizen) []citizen.CameraViolation {
	var cameras []citizen.CameraViolation
	for _, camera := range person.Vehicles[0].Cameras {
		if !camera.Handled {
			cameras = append(cameras, camera)
		}
	}
	return cameras
}

// Every licence of the data set, whatever its letters, classes and dates, comes out as the data set has it.
func TestWholeDataSet(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	source := f.source(t)
	asked := 0
	for _, person := range f.registry.All() {
		if !person.Licensed() || person.Licence.NotArchived || person.IdentityExpired {
			continue
		}
		asked++
		sighting, err := source.Licences.Licence(t.Context(), f.request(person))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprintf("%+v", flat(sighting.Value)), fmt.Sprintf("%+v", flat(licenceOf(person))); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if asked < 150 {
		t.Errorf("only %d licences asked for", asked)
	}
}

// flat replaces the pointers, which would print as addresses.
func flat(l exchange.Licence) []any {
	points, replacements := *l.Points, *l.Replacements
	l.Points, l.Replacements = nil, nil
	return []any{l, points, replacements}
}

func (f *fixture) source(t testing.TB, changes ...func(*tmri.Config)) *exchange.Source {
	t.Helper()
	platform := f.start(t, func() time.Time { return f.now })
	url := serve(t, platform.Handler)
	config := settings(url + standin.PathNew)
	for _, change := range changes {
		change(&config)
	}
	source, err := tmri.Open("tmri-demo", "310000", adaptertest.Settings(config), outbound.Deps{
		Clock:   func() time.Time { return f.now },
		Secrets: func(string) (string, error) { return serial, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	return source
}

// The look-alike gets the same questions in its own style.
func TestLookAlike(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	source := f.source(t, func(c *tmri.Config) { c.Front = tmri.FrontWCF })
	sighting, err := source.Licences.Licence(t.Context(), f.request(f.person("normal-shanghai")))
	if err != nil || sighting.Value.Name != f.person("normal-shanghai").Name {
		t.Errorf("got %s, %v", sighting.Value.Name, err)
	}
}

// A letter that no list knows and the two ways of saying 长期 are worth their own look.
func TestLettersAndTerms(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	source := f.source(t)
	for _, c := range []struct {
		persona, status string
		longTerm        bool
	}{
		{"unknown-letter", "X", false}, {"over-limit-zhejiang", "BDJ", false}, {"long-term", "A", true}, {"long-term-blank", "A", true},
	} {
		sighting, err := source.Licences.Licence(t.Context(), f.request(f.person(c.persona)))
		if err != nil {
			t.Fatal(err)
		}
		got := sighting.Value
		if string(got.Status) != c.status || got.LongTerm != c.longTerm || got.LongTerm != got.ValidUntil.IsZero() {
			t.Errorf("%s: status %s, long term %t until %q", c.persona, got.Status, got.LongTerm, got.ValidUntil)
		}
		if strings.Contains(c.persona, "unknown") && got.Status.MayDrive() != exchange.MayDriveUnknown {
			t.Errorf("%s may drive: %s", c.persona, got.Status.MayDrive())
		}
	}
}
