// Package account says to a platform why one of its requests was decided as it was, and what would have to be otherwise. It reads a
// record and asks the policies in force; who may hear of which record is decided by whoever calls it.
package account
