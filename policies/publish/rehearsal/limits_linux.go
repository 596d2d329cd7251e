package rehearsal

import (
	"fmt"
	"os/exec"
	"runtime/debug"
	"syscall"
	"time"
)

// apply bounds the process that calls it, for good: memory, processor time, no file may grow, no core is written.
func (l Limits) apply() error {
	seconds := uint64(max(l.CPU, time.Second) / time.Second)
	debug.SetMemoryLimit(int64(l.Memory / 2)) // so that what is garbage is collected before the bound is met
	for resource, limit := range map[int]uint64{
		syscall.RLIMIT_DATA: l.Memory, syscall.RLIMIT_CPU: seconds, syscall.RLIMIT_CORE: 0, syscall.RLIMIT_FSIZE: 0,
	} {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			return fmt.Errorf("bound the process: %w", err)
		}
	}
	return nil
}

// isolate puts the child into a group of its own, which ends with its parent, and has the whole group ended with it.
func isolate(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
}
