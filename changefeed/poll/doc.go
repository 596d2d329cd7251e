// Package poll finds changes of licences at sources that announce none, and reports them.
//
//	Incremental   changed rows after a watermark, page by page ──┐
//	                                                             ├─▶ Reporter (changefeed.Intake)
//	Requery       known licences, one by one, spread evenly ─────┘
//
// It guards against lost changes: a durable place moves only after the reports before it are durable, a pass begins an overlap
// before the watermark, and a place never runs ahead of the clock. It guards the source: no question goes out beyond the quota, whose
// count of the day outlives a restart, and a source that fails is left alone for growing, jittered waits. The same row is always the same
// report, so that reading it again has no effect.
//
// It stops at a source's dialect (adapters implement [exchange.ChangeLister] and [exchange.LicenceSource]), at who may announce what
// and whose word stands (the Reporter asks), and at the process: its only memory of what it did are marks and what is known of
// each licence.
package poll
