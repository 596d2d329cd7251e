package zheliban_test

import (
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// syncLag is how old a stand-in's copy usually is.
const syncLag = 5 * time.Minute

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

// platform makes a running stand-in fit for the contract.
func platform(server *standin.Server) adaptertest.Platform {
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
		QueryID: "q-1", Caller: "demo", Now: f.now,
		Subject: exchange.Subject{Name: person.Name, IDNumber: number, FileNumber: person.Licence.FileNumber},
		Purpose: exchange.Purpose{
			Code: "licence-check", Matter: "M-1", MatterName: "驾驶证核查", Case: "CASE-2026-1", Operator: "OPERATOR-7",
			Unit: "310000000400", UnitName: "演示受理中心", LegalBasis: "PIPL-13-3",
		},
	}
}

// named is the request under another name.
func (f *fixture) named(person citizen.Citizen, name string) exchange.SourceRequest {
	request := f.request(person)
	request.Subject.Name = name
	return request
}

// question asks for the licence of a persona whom the platform knows, and for others' that it has not.
func (f *fixture) question(known, elsewhere string) adaptertest.Question {
	person := f.person(known)
	return adaptertest.Question{
		Operation: exchange.LicenceQuery, Request: f.request(person), Want: f.licence(person), AsOf: f.now.Add(-syncLag),
		Refusals: []adaptertest.Refusal{
			{Name: "no licence", Request: f.request(f.person("no-licence")), Want: exchange.NoRecord},
			{Name: "kept elsewhere", Request: f.request(f.person(elsewhere)), Want: exchange.NoRecord},
			{Name: "another name", Request: f.named(person, "张三丰"), Want: exchange.IdentityMismatch},
		},
	}
}

// licence is what the data set says; that package row reads rows rightly is its own test's to show.
func (f *fixture) licence(person citizen.Citizen) exchange.Licence {
	f.t.Helper()
	licence, err := row.Licence(person.LicenceRow().Map())
	if err != nil {
		f.t.Fatal(err)
	}
	return licence
}
