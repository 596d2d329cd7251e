//go:build !linux

package changebench

func cpuMicros() int64 { return 0 }
