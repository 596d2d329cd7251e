// Package app assembles a gateway from its configuration and runs it: keys, policies, sources, journal, broker and the two
// listeners, started in this order and stopped in the reverse one. It contains wiring only; what a part does is in its own room.
package app
