// Package batch tells a platform of changes in batches, on the days and at the hours when the platform wants them, and reads what the
// platform tells in return: rows of its own, and rows of ours that it refused.
//
//	place (partition, revision) ─▶ ledger from there on ─▶ newest version per licence ─▶ Outlet.Compose (policy)
//	      ▲                                                                                   │ at most Limit notices
//	      │ moved last                                                                        ▼
//	      └── parked ◀─ refused rows ◀─ Outlet.Delivered (records) ◀──────────────── Database.Write, one transaction
//
// A place moves only after the batch is committed, what was told is recorded and what was refused is parked; so a batch may be
// written again after a crash, which the database must take as nothing new. No entry is held while a batch is made, unlike with a
// cursor: see docs/decisions/0005. A place is held by one gateway at a time, for some minutes; that is how gateways on one journal
// share the work, and not what keeps effects single.
//
// It stops at the database: an adapter writes and reads the rows. What may be told, evidence and parking are package changefeed's.
package batch
