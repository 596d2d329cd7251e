//go:build !linux

package changebench

func cpuMicros() int64 { return 0 }

func threadMicros() int64 { return 0 }
