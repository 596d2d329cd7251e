package citizen_test

import (
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

// TestPersonasShowWhatTheySay holds each persona to its description, on the day of the data set and two years later: the
// numbers stay, the dates move along.
func TestPersonasShowWhatTheySay(t *testing.T) {
	t.Parallel()
	promises := map[string]func(citizen.Citizen, time.Time) bool{
		"normal-shanghai":     func(c citizen.Citizen, _ time.Time) bool { return plain(c, "310000", "A") && c.Licence.Points == 3 },
		"replaced-shanghai":   func(c citizen.Citizen, _ time.Time) bool { return plain(c, "310000", "A") && c.Licence.Replaced == 1 },
		"over-limit-zhejiang": func(c citizen.Citizen, _ time.Time) bool { return plain(c, "330000", "BDJ") && c.Licence.Points == 15 },
		"normal-zhejiang":     func(c citizen.Citizen, _ time.Time) bool { return plain(c, "330000", "A") && c.Licence.Points == 0 },
		"expiring-guangdong": func(c citizen.Citizen, at time.Time) bool {
			end := c.Licence.ValidUntil
			return plain(c, "440000", "A") && end.After(at) && end.Before(at.AddDate(0, 0, 90))
		},
		"expired": func(c citizen.Citizen, at time.Time) bool {
			end := c.Licence.ValidUntil
			return plain(c, "320000", "M") && end.Before(at) && end.After(at.AddDate(-1, 0, 0))
		},
		"long-term":       func(c citizen.Citizen, _ time.Time) bool { return column(c, "yxqz") == "9999-12-31" },
		"long-term-blank": func(c citizen.Citizen, _ time.Time) bool { return c.Licence.LongTerm() && column(c, "yxqz") == "" },
		"rare-name":       func(c citizen.Citizen, _ time.Time) bool { return len([]rune(c.Name)) == 3 && len(c.Name) == 10 },
		"minority-name":   func(c citizen.Citizen, _ time.Time) bool { return len([]rune(c.Name)) == 13 },
		"unprocessed-violations": func(c citizen.Citizen, _ time.Time) bool {
			return plain(c, "330000", "H") && open(c) == 2 && c.Licence.Points == 1
		},
		"not-archived":     func(c citizen.Citizen, _ time.Time) bool { return c.Licence.NotArchived },
		"id-expired":       func(c citizen.Citizen, _ time.Time) bool { return c.IdentityExpired },
		"dead":             func(c citizen.Citizen, _ time.Time) bool { return c.Deceased && c.Licence.Status == "G" },
		"unknown-letter":   func(c citizen.Citizen, _ time.Time) bool { return c.Licence.Status == "X" },
		"probation":        func(c citizen.Citizen, _ time.Time) bool { return column(c, "sxbj") == "1" },
		"elder":            func(c citizen.Citizen, at time.Time) bool { return c.Birth.AddDate(70, 0, 0).Before(at) },
		"relative":         func(c citizen.Citizen, _ time.Time) bool { return plain(c, "310000", "A") && len(c.Vehicles) == 1 },
		"blocked-business": func(c citizen.Citizen, _ time.Time) bool { return plain(c, "330000", "HI") && open(c) == 1 },
		"canary-shanghai":  func(c citizen.Citizen, _ time.Time) bool { return plain(c, "310000", "A") && c.Licence.Points == 2 },
		"canary-zhejiang":  func(c citizen.Citizen, _ time.Time) bool { return plain(c, "330000", "A") && c.Licence.Points == 2 },
		"canary-guangdong": func(c citizen.Citizen, _ time.Time) bool { return plain(c, "440000", "A") && c.Licence.Points == 2 },
		"no-licence":       func(c citizen.Citizen, _ time.Time) bool { return !c.Licensed() && c.LicenceRow() == nil },
	}
	for _, at := range []time.Time{asOf(), asOf().AddDate(2, 3, 4)} {
		registry := dataSet(t, 5, at, 0)
		for _, persona := range registry.Personas() {
			person, _ := registry.Find(persona.IDNumber)
			promise, known := promises[persona.Key]
			if !known || !promise(person, at) {
				t.Errorf("%s on %s: %+v", persona.Key, citizen.Day(at), person)
			}
			if persona.DescriptionZH == "" || persona.DescriptionEN == "" || persona.Shows == "" || persona.AskAs == "" {
				t.Errorf("%s is not described", persona.Key)
			}
		}
	}
}

func plain(c citizen.Citizen, province, status string) bool {
	return c.Licence.Province() == province && c.Licence.Status == status
}

func column(c citizen.Citizen, name string) string { return c.LicenceRow().Map()[name] }

// open counts the camera violations that nobody has handled.
func open(c citizen.Citizen) int {
	count := 0
	for _, vehicle := range c.Vehicles {
		for _, camera := range vehicle.Cameras {
			if !camera.Handled {
				count++
			}
		}
	}
	return count
}
