// Package bench measures what a request costs the gateway, against a plain Echo reverse proxy to the same source, all in one run
// and on loopback only. It runs itself anew for the source and for the process that is measured, so that the figures of
// that process are its own; the load comes from the process that was started by hand.
//
// It stops at whole processes. What one part costs is measured by the Go benchmarks beside each part's code.
package bench
