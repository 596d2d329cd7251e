package config

import "slices"

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
		return from.Changes.Gateway == "" || Fetches(from, to, p.id)
	case "opsAuthorities":
		return false
	}
	return true
}

// Fetches reports whether a receiver fetches its changes itself in one of two configurations, that of the start and a new one. The lists
// for that are opened by a start, so a reload changes nothing about it.
func Fetches(start, next *Config, id string) bool {
	return slices.ContainsFunc(slices.Concat(start.Receivers, next.Receivers), func(r Receiver) bool { return r.ID == id && r.Kind == "feed" })
}

// Tells reports whether the configuration has a receiver of this id.
func (c *Config) Tells(id string) bool {
	return slices.ContainsFunc(c.Receivers, func(r Receiver) bool { return r.ID == id })
}
