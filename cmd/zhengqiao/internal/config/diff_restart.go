package config

import (
	"slices"
	"strings"
)

// needsRestart tells what only a start puts in force. Whatever a later version adds counts as such until it is listed here.
func needsRestart(p place, from, to *Config) bool {
	switch p.section {
	case "platforms", "sources", "routes", "identity", "coverage", "pushes", "operators", "gateway":
		return false
	case "tls":
		return (from.TLS.Certificate == "") != (to.TLS.Certificate == "") // HTTP stays HTTP
	case "limits":
		return p.key == "drain" || p.key == "drainDelay" || p.key == "decision"
	case "policies":
		return p.key != "dir"
	case "receivers":
		return !strings.HasPrefix(p.key, "settings") || !ReceiverStays(from, to, p.id)
	case "opsAuthorities":
		return false
	}
	return true
}

// ReceiverStays reports whether a reload may replace what is behind a receiver: an adapter of the same kind, for the same region, is behind
// it in both configurations. Whether there is a receiver, and how it is told, is fixed by the start.
func ReceiverStays(from, to *Config, id string) bool {
	old, next := receiverOf(from, id), receiverOf(to, id)
	return old != nil && next != nil && old.Kind != "feed" && old.Kind == next.Kind && old.Region == next.Region
}

func receiverOf(c *Config, id string) *Receiver {
	if i := slices.IndexFunc(c.Receivers, func(r Receiver) bool { return r.ID == id }); i >= 0 {
		return &c.Receivers[i]
	}
	return nil
}
