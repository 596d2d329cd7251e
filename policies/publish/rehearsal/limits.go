package rehearsal

import "time"

// Limits bound a child. The shipped policies need 0.4 GB of address space and 8 s of processor time, with comparison.
type Limits struct {
	Memory   uint64        `json:"memory"`   // bytes of private memory
	CPU      time.Duration `json:"cpu"`      // processor time, in whole seconds; the kernel ends the process
	Wall     time.Duration `json:"wall"`     // time by the clock, whatever the process does
	Decision time.Duration `json:"decision"` // time of one decision
}

// DefaultLimits leave room for policies ten times as large as the shipped ones.
func DefaultLimits() Limits {
	return Limits{Memory: 1 << 30, CPU: 60 * time.Second, Wall: 3 * time.Minute, Decision: time.Second}
}
