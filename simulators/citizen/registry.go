package citizen

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// personaSeed makes the personas. It is not the caller's seed: their numbers are the same in every data set.
const personaSeed = 20220401

// Registry holds the data set. It is safe for concurrent use.
type Registry struct {
	personas []Persona     // never changed after New
	cards    atomic.Uint64 // made by Replace so far

	mu       sync.RWMutex
	people   []Citizen
	byID     map[string]int
	byPlate  map[string]int // plate kind, blank, plate
	byCamera map[string]int // serial of a camera violation
}

// New makes the personas and so many other citizens, as they stand at the given moment. The same arguments give the same
// data set. A crowd of 120 or more holds every status letter, class and province.
func New(seed uint64, asOf time.Time, citizens int) (*Registry, error) {
	if citizens < 0 || citizens > 200_000 {
		return nil, errors.New("citizen: between 0 and 200000 citizens can be made")
	}
	registry := &Registry{byID: map[string]int{}, byPlate: map[string]int{}, byCamera: map[string]int{}}
	registry.addPersonas(newMaker(personaSeed, asOf, 0))
	registry.addCrowd(newMaker(seed, asOf, 10_000), citizens)
	return registry, nil
}

func (r *Registry) addPersonas(m *maker) {
	for _, character := range cast() {
		made := m.make(character.plan)
		r.personas = append(r.personas, character.persona(made))
		r.add(made)
	}
}

func (r *Registry) addCrowd(m *maker, citizens int) {
	divisions := Divisions()
	for number := range citizens {
		plan := ordinary(number, divisions)
		plan.name = nameFor(m.random)
		plan.sequence = between(m.random, 1, 999)
		made := m.make(plan)
		for r.knows(made.IDNumber) {
			made.Birth = made.Birth.AddDate(0, 0, -1)
			made.IDNumber = IdentityNumber(made.Home.Code, made.Birth, plan.sequence)
		}
		r.add(made)
	}
}

func (r *Registry) knows(idNumber string) bool {
	_, known := r.byID[idNumber]
	return known
}

func (r *Registry) add(person Citizen) {
	position := len(r.people)
	r.people = append(r.people, person)
	r.byID[person.IDNumber] = position
	for _, vehicle := range person.Vehicles {
		r.byPlate[vehicle.PlateKind+" "+vehicle.Plate] = position
		for _, camera := range vehicle.Cameras {
			r.byCamera[camera.Serial] = position
		}
	}
}

// Personas lists the named people, in a fixed order.
func (r *Registry) Personas() []Persona { return slices.Clone(r.personas) }

// Persona finds the citizen behind a persona's key.
func (r *Registry) Persona(key string) (Citizen, bool) {
	for _, persona := range r.personas {
		if persona.Key == key {
			return r.Find(persona.IDNumber)
		}
	}
	return Citizen{}, false
}
