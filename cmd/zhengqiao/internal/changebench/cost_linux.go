package changebench

import (
	"syscall"
	"time"
)

// cpuMicros is the process's time on all processors, by getrusage(2).
func cpuMicros() int64 { return used(syscall.RUSAGE_SELF) }

// threadMicros is the calling thread's.
func threadMicros() int64 { return used(rusageThread) }

const rusageThread = 1 // RUSAGE_THREAD of getrusage(2)

func used(who int) int64 {
	var own syscall.Rusage
	if syscall.Getrusage(who, &own) != nil {
		return 0
	}
	return time.Duration(own.Utime.Nano() + own.Stime.Nano()).Microseconds()
}
