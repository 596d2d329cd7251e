//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestHangupWhileStarting hangs up while the program waits for its configuration, which comes through a pipe: opening the pipe
// succeeds only once the program reads it. The signal neither ends the program nor is it lost; a pipe can't be read again.
func TestHangupWhileStarting(t *testing.T) {
	t.Parallel()
	dir, config := newWorld(t)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(dir, "piped.yaml")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	gateway := startServe(t, pipe)
	writer, err := os.OpenFile(pipe, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := gateway.command.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if _, err := writer.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	gateway.await(t, "not reloaded, all stays as it is", &struct{}{})
	gateway.stop(t)
}
