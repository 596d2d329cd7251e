// Package rehearsal tries policies out before they come into force, in a process of their own that has little memory, little time and
// nobody's data: one line of Rego can outlast the evaluator's time-out, since nothing interrupts a single multiplication, and a document
// nested deep enough ends the process that reads it.
//
// The parent hands the child files and recorded inputs and reads back a verdict of bounded size; whatever else happens to the child is a
// refusal. The child checks, runs all tests of the candidate, decides the recorded inputs and compares with what is in force
// (the package widening). It is the same program, started with [Argument]. [Stage.Try] lets such a child make one attempt on policies that
// their author is still writing.
package rehearsal
