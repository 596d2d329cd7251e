// Package mutation asks how good the tests of policies are: it makes one mistake at a time in rules or data (a condition dropped or
// turned round, a rule left out, a list widened, a level lowered) and runs cases, matrix and Rego tests against each. A mistake that
// nothing notices, a survivor, is a hole in the tests, or is explained in survivors.yaml.
//
//	folder ─▶ mutants of rules and data ─▶ judge each, in parallel ─▶ killed by …, refused by check, or survived
package mutation
