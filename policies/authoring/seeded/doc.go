// Package seeded holds twenty mistakes that policy authors make, each with what finds it. It has tests only.
package seeded
