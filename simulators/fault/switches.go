package fault

import (
	"slices"
	"sync"
)

// Switches are the faults of one stand-in. The zero value has none; it is safe for concurrent use.
type Switches struct {
	mu     sync.Mutex
	active []Fault
}

// Set turns a fault on. A fault of the same kind for the same operation is replaced. The error names what is missing.
func (s *Switches) Set(fault Fault) error {
	if err := fault.check(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active = slices.DeleteFunc(s.active, func(old Fault) bool {
		return old.Kind == fault.Kind && old.Operation == fault.Operation
	})
	s.active = append(s.active, fault)
	return nil
}

// Clear turns every fault off.
func (s *Switches) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active = nil
}

// Active lists the faults that are on, with the calls that are left in Times.
func (s *Switches) Active() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.active)
}

// Take gives the faults that apply to one call of the operation, and counts the call against their limits.
func (s *Switches) Take(operation string) Plan {
	s.mu.Lock()
	defer s.mu.Unlock()
	var plan Plan
	kept := s.active[:0]
	for _, fault := range s.active {
		matches := fault.Operation == "" || fault.Operation == operation
		if matches {
			plan = append(plan, fault)
		}
		if matches && fault.Times == 1 {
			continue // used up
		}
		if matches && fault.Times > 1 {
			fault.Times--
		}
		kept = append(kept, fault)
	}
	s.active = kept
	return plan
}
