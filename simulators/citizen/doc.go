// Package citizen is the one data set that every stand-in of a platform serves: invented people with their driving
// licences, decisions, vehicles and camera violations. It is made from a seed and a date, so that the same two numbers
// give the same people on every machine.
//
// The numbers are well formed (a real division, a real date, a correct check character) because the gateway must accept
// them; the people are not real. The package knows the columns of the exchange table DRIVINGLICENSE and of the violation
// record, and stops there: how a platform wraps a row is the business of that platform's stand-in.
package citizen
