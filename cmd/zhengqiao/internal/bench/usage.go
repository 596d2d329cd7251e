package bench

// usage is what a process has used so far, or between two moments.
type usage struct {
	CPUMicros  int64 `json:"cpuMicros"`  // user and system
	PeakBytes  int64 `json:"peakBytes"`  // of resident memory, since the process's start
	AllocBytes int64 `json:"allocBytes"` // of the heap, garbage included
	Allocs     int64 `json:"allocs"`
}

// since gives what was used after an earlier moment.
func (u usage) since(before usage) usage {
	return usage{u.CPUMicros - before.CPUMicros, u.PeakBytes, u.AllocBytes - before.AllocBytes, u.Allocs - before.Allocs}
}

// add puts together what was used in two spans.
func (u *usage) add(other usage) {
	u.CPUMicros += other.CPUMicros
	u.PeakBytes = max(u.PeakBytes, other.PeakBytes)
	u.AllocBytes += other.AllocBytes
	u.Allocs += other.Allocs
}
