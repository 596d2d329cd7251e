//go:build !linux

package bench

import (
	"errors"
	"fmt"
)

func used() (usage, error) {
	return usage{}, fmt.Errorf("the benchmark reads a process's usage as Linux tells it: %w", errors.ErrUnsupported)
}

func loadAverage() string { return "" }
