// Package frontdb exchanges licence changes through a front-end database (前置库): the database on the border between two
// platforms into which one side's rows are written in daily or weekly batches and from which the other side takes them. It
// writes what a platform is told, reads what a platform tells, and puts rows that are no good into the mirror error tables, so
// that one broken row stops nobody else's.
//
// The convention is that of the national service platform's exchange tables: pairs up_ (local to national) and dn_ (national to
// local), each with a mirror _error, and cd_operation, cd_time and cd_batch in every row. The columns are those of the exchange
// table DRIVINGLICENSE of 六合一. What is assumed of them is C1 in the register of assumptions.
//
// It stops at the tables. What may be told was decided before a notice comes here; whose word stands is decided after a report has
// left; the queue in front of a batch and the place where a watermark is kept are the caller's. It is the only package that
// knows pgx. Its SQL keeps to what PostgreSQL 9.2 had, without ON CONFLICT, since KingbaseES and openGauss, which speak the
// same protocol, follow older versions; it is proved on PostgreSQL 15.
//
// No error of this package repeats a value of a row: rows hold personal data, and an error may be logged.
package frontdb
