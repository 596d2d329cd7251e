// Package evidence keeps the durable trace of every query: it writes records to an append-only log before an answer may leave,
// names their place in receipts, reads them back, and gives people pseudonyms in place of their numbers. It decides nothing and
// stops at the log: how bytes become durable is the journal's matter.
package evidence
