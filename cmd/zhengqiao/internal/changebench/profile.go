package changebench

import (
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
)

// profiled runs a measurement and writes its CPU profile, if one is wanted.
func (m *measure) profiled(name string, work func() error) (err error) {
	if m.options.Profile == "" {
		return work()
	}
	file, err := os.Create(m.options.Profile + "." + name)
	if err != nil {
		return fmt.Errorf("write a profile: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := pprof.StartCPUProfile(file); err != nil {
		return fmt.Errorf("write a profile: %w", err)
	}
	defer pprof.StopCPUProfile()
	return work()
}
