// Package demo shows the gateway at work with nothing installed: it starts stand-ins of all platforms on loopback, writes a
// folder with a configuration, keys and test citizens, and walks through a tour that checks itself. It is a user of the
// gateway like any other: what it proves, it proves by signed calls.
package demo
