// Package row turns what a province answers into the words of package exchange: one row of the exchange table DRIVINGLICENSE, as
// the platforms carry it in their own wrappings, into an [exchange.Licence], and the failure code that stands in place of a
// row into an [exchange.Error]. It knows the columns, their formats and the ways in which sources leave something out. It
// guards against a record of another person and against values that would be guessed. It stops where a platform's dialect
// begins: transport, signature and envelope belong to the adapters.
//
// No error of this package repeats a value: columns hold personal data, and an error may be logged.
package row
