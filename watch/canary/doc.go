// Package canary asks what is known beforehand: a synthetic licence of each source, whose values are compared, and a change of a
// synthetic licence, which is timed on its way to each receiver. So it shows as wrong what is up and wrong, and as stale what is up
// and stale. It tells the watcher what it saw and decides nothing. A canary's person is known to nobody but its platform: neither
// name nor number nor any value leaves this package, only the name of a field.
package canary
