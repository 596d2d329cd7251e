package tmri_test

import (
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
