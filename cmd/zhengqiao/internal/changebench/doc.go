// Package changebench measures the synchronisation of changes in one process: how many changes a gateway accepts, how soon the receiving
// platforms have them, how fast a platform that was away catches up, and what a known licence costs in memory and on disk. It stops at
// figures: what they should be is in the report's targets.
package changebench
