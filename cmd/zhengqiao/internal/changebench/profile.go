package changebench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
)

// profiled runs a measurement and writes its CPU profile, if one is wanted.
func (m *measure) profiled(ctx context.Context, work func(context.Context) error) (err error) {
	if m.options.Profile == "" {
		return work(ctx)
	}
	file, err := os.Create(m.options.Profile)
	if err != nil {
		return fmt.Errorf("write a profile: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := pprof.StartCPUProfile(file); err != nil {
		return fmt.Errorf("write a profile: %w", err)
	}
	defer pprof.StopCPUProfile()
	return work(ctx)
}
