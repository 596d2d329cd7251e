// Package reconcile compares what a platform holds of the licences with what it should hold: what is known, as policy shapes it for
// that platform, at the version that the platform says it has.
//
//	holdings of the platform, page by page ─▶ index, 80 bytes a licence
//	                                            │
//	newest entry of each licence ─▶ judged ─────┘─▶ suspects, 48 bytes each
//	                                                  │ looked at again, each with the platform's own answer of that moment
//	                                                  ▼
//	                                               Report ─▶ changefeed.Retell
//
// A licence whose newest change the platform's cursor has not passed is not diverged but waiting, which is what the lag tells of; one
// that changes while it is looked at is looked at again. What the platform said itself it need not have been told.
//
// It holds in memory 80 bytes for each licence that the platform has (80 MB per million) until the ledger was read, and 48 bytes for
// each suspect, whatever the size of the ledger. It stops at finding out: to tell again is the dispatcher's, and to whom a report is shown is the caller's.
package reconcile
