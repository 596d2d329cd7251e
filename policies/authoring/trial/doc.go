// Package trial asks draft policies as they are written: nothing is settled or recalled as the engine does it, so that rules may be
// changed one by one and every step of an evaluation can be followed. The answers are the engine's (a test of package policies
// holds the two against each other). It is for authors' tools on a machine of theirs and stands in no request's way.
package trial
