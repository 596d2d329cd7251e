package citizen

import "slices"

// All gives every citizen, personas first.
func (r *Registry) All() []Citizen {
	r.mu.RLock()
	defer r.mu.RUnlock()
	people := make([]Citizen, 0, len(r.people))
	for _, person := range r.people {
		people = append(people, person.clone())
	}
	return people
}

// Find gives the citizen with this identity number.
func (r *Registry) Find(idNumber string) (Citizen, bool) { return r.at(r.byID, idNumber) }

// FindOwner gives the citizen who owns the vehicle with this kind and number of plate.
func (r *Registry) FindOwner(plateKind, plate string) (Citizen, Vehicle, bool) {
	owner, found := r.at(r.byPlate, plateKind+" "+plate)
	for _, vehicle := range owner.Vehicles {
		if vehicle.PlateKind == plateKind && vehicle.Plate == plate {
			return owner, vehicle, found
		}
	}
	return Citizen{}, Vehicle{}, false
}

// FindCamera gives the camera violation with this serial, and the vehicle it was recorded for.
func (r *Registry) FindCamera(serial string) (Vehicle, CameraViolation, bool) {
	owner, _ := r.at(r.byCamera, serial)
	for _, vehicle := range owner.Vehicles {
		for _, camera := range vehicle.Cameras {
			if camera.Serial == serial {
				return vehicle, camera, true
			}
		}
	}
	return Vehicle{}, CameraViolation{}, false
}

// Other gives a licensed citizen who is not this one: whom a source that mixes up its records would answer with.
func (r *Registry) Other(idNumber string) Citizen {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, person := range r.people {
		if person.IDNumber != idNumber && person.Licensed() {
			return person.clone()
		}
	}
	return Citizen{}
}

// Update changes one citizen in place and tells whether the number was known: a card was replaced, a status letter came.
// The function must leave the identity number, the plates and the serials alone, since they are the keys.
func (r *Registry) Update(idNumber string, change func(*Citizen)) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	position, known := r.byID[idNumber]
	if known {
		change(&r.people[position])
	}
	return known
}

func (r *Registry) at(index map[string]int, key string) (Citizen, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	position, found := index[key]
	if !found {
		return Citizen{}, false
	}
	return r.people[position].clone(), true
}

// clone copies the lists too, so that nobody outside holds what Update changes.
func (c Citizen) clone() Citizen {
	c.Licence.Decisions = slices.Clone(c.Licence.Decisions)
	c.Vehicles = slices.Clone(c.Vehicles)
	for number := range c.Vehicles {
		c.Vehicles[number].Cameras = slices.Clone(c.Vehicles[number].Cameras)
	}
	return c
}
