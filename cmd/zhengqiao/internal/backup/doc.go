// Package backup keeps a copy of a journal in a folder and brings one back. It stops at the journal: keys, configuration and policies
// are the operators' to keep, and apart from it.
//
// The folder holds the copy, itself a journal, and a manifest that says what it is and whether it is whole:
//
//	DIR/backup.json   when, by which program, how much
//	DIR/journal       every log, ledger, state and cursor; sealed as in the source
package backup
