// Package changefeed synchronises what is known of licences between platforms: it takes in reports of changes, keeps for each
// licence every reporter's word and what stands, and tells each receiving platform what it may know.
//
//	Report ─▶ Announcers ─▶ Book.Last ─▶ Apply ─▶ Book.Put (compare and set) ─▶ Recorder ─▶ Acceptance
//	                                                  │ the append is the new state and the event
//	                           one cursor per platform and partition
//	                                                  ▼
//	            Book.Last (newest) ─▶ Decider ─▶ Receiver.Apply ─▶ Recorder ─▶ Done
//	                                                  │ refused for good
//	                                                  ▼
//	                                        Parking ─▶ Replay or Skip
//
// It guards against lost, doubled and reordered changes: a report is acknowledged only when it is durable, a change leaves a
// cursor only when it was delivered, did not concern the platform, or is parked, and versions of a licence only grow. Delivery is
// at least once; receivers are idempotent by licence and version.
//
// It stops at the domain's rules (package exchange decides what stands), at durable bytes (package journal), at a platform's
// dialect (adapters implement Receiver) and at what a platform may see (a policy decides). It holds no key: a Sealer does.
package changefeed
