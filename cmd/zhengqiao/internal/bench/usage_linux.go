package bench

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

// used reads CPU time by getrusage(2) and the peak of resident memory from proc(5). ru_maxrss would not do: a process
// starts with the one of whoever forked it, which here holds all requests in memory.
func used() (usage, error) {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return usage{}, fmt.Errorf("read the process's usage: %w", err)
	}
	peak, err := peakBytes()
	cpu := time.Duration(own.Utime.Nano() + own.Stime.Nano())
	return usage{CPUMicros: cpu.Microseconds(), PeakBytes: peak}, err
}

func peakBytes() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, fmt.Errorf("read the process's memory: %w", err)
	}
	_, rest, _ := bytes.Cut(status, []byte("\nVmHWM:"))
	kilobytes, _, _ := bytes.Cut(rest, []byte(" kB"))
	peak, err := strconv.ParseInt(string(bytes.TrimSpace(kilobytes)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read the process's memory: %w", err)
	}
	return peak << 10, nil
}

// loadAverage gives the machine's load over the last minute, which says how much else ran.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	first, _, _ := bytes.Cut(text, []byte(" "))
	return string(first)
}
