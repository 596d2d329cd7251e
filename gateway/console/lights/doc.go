// Package lights shows how adapters are: the overview with what needs somebody first and a picture of the flows, the list of all adapters,
// and one adapter with everything that was observed of it. It shows what package watch concluded, and concludes nothing itself.
package lights
