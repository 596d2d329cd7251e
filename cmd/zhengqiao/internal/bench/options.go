package bench

import (
	"errors"
	"time"
)

// Options say how to measure.
type Options struct {
	// Self is the command line that runs this package's children: program and first arguments. "source" and "gateway" with
	// their flags follow.
	Self []string
	// Dir is where a temporary folder for keys and journals is made; empty: the system's. The journal's disk is measured
	// too, so it must not be memory.
	Dir string
	// Duration of each mode's measurement; requests are signed before it and good for a minute, so it is 30 s at most.
	Duration time.Duration
	// Connections of the load.
	Connections int
	// Rate of the second measurement, in requests/s.
	Rate int
	// Profile is a file for a CPU profile of the gateway in whole mode; empty: none.
	Profile string
	// Progress is told what goes on.
	Progress func(format string, args ...any)
}

// longest is half of what a signature's window allows, so that signing and warming up fit into it too.
const longest = 30 * time.Second

func (o Options) check() error {
	switch {
	case len(o.Self) == 0:
		return errors.New("bench: no command line for the children")
	case o.Duration <= 0 || o.Duration > longest:
		return errors.New("bench: want a duration above 0 and up to 30s")
	case o.Connections < 1 || o.Connections > 256:
		return errors.New("bench: want 1 to 256 connections")
	case o.Rate < 1 || o.Rate > 100_000:
		return errors.New("bench: want a rate of 1 to 100000 requests/s")
	}
	return nil
}
