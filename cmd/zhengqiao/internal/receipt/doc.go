// Package receipt holds an answer or a problem that a platform kept against the record that its receipt names: is it the record that
// the receipt promised, does it name these bytes, did the platform ask? It stops at one record: that no record was left out or
// changed with its digest is not for it to show.
package receipt
