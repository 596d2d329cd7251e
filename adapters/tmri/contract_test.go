package tmri_test

import (
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/tmri"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	standin "github.com/zhengqiao/zhengqiao/simulators/tmri"
)

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
