package changebench

import (
	"syscall"
	"time"
)

// cpuMicros is the process's time on all processors, by getrusage(2).
func cpuMicros() int64 {
	var own syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &own) != nil {
		return 0
	}
	return time.Duration(own.Utime.Nano() + own.Stime.Nano()).Microseconds()
}
