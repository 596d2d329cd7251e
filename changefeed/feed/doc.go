// Package feed keeps for each platform that fetches its changes itself a durable list of them, numbered from 1 without holes, so
// that a reader can prove that it missed nothing.
//
//	Dispatcher ─▶ Writer.Apply ─┐ callers that arrive together share one entry of the ledger
//	                            ▼
//	             <platform>-1, <platform>-2, …   each entry a sealed batch of consecutive numbers
//	                            ▼
//	         cursor of the reader ─▶ Feeds.Read, Feeds.Await ─▶ Page
//
// It guards against holes and doubled numbers: a batch is stored under a key that must be new and takes up the numbering where the
// batch before it ends, so that of two gateways only one gets a place in the list. It guards against a reader on the wrong list: a
// cursor names the very bytes that it was read from.
//
// A change may stand in a feed twice, under two numbers: the delivery in front of it is at least once. Readers are idempotent by
// licence and version, and pass over versions below the one that they have.
//
// It stops at what may be told (the notice was shaped by policy before), at durable bytes (package journal) and at HTTP (package
// gateway). Nothing is ever removed.
package feed
