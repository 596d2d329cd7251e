// Package playground is the console's page for policy authors to try a change out: the text of one file of the policies in force as they
// edit it, an input, and what would be decided, with the matrix against that of the policies in force. It shows what a [Workshop] finds
// and bounds how much is tried at a time. Nothing that is typed there is kept or comes into force; publishing has tools of its own.
package playground
