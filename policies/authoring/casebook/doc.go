// Package casebook reads decisions that are written down as data (cases/*.yaml) and says how a decision differs from what its case
// expects, in the words of the case. It decides nothing itself.
package casebook
