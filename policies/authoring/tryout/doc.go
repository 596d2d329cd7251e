// Package tryout says what policies that their author is still writing would decide about one request, and what they would let be seen
// otherwise than the policies in force. It asks them as the tools for authors do (package trial): the engine's evaluator, built-ins and
// restrictions. It bounds nothing but by its context; package rehearsal runs it in a process that is bounded.
package tryout
