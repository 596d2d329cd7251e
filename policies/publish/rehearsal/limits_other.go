//go:build !linux

package rehearsal

import (
	"errors"
	"os/exec"
)

// apply fails: a process that can't be bounded tries nothing out, so on such a system no bundle comes into force.
func (l Limits) apply() error { return errors.ErrUnsupported }

func isolate(*exec.Cmd) {}
