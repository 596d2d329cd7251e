// Package scaffold begins a new rule: the Rego file with its metadata, the reason with its texts, a test and a case, wired into the
// decision. What it makes is in order and tested from the start, and refuses one made-up matter until its author says what it should
// refuse.
package scaffold
