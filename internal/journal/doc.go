// Package journal keeps what must never be lost, on NATS JetStream: append-only logs, small named state, and ledgers, which
// keep the history of each key under compare-and-set and are read by durable cursors.
//
// It guards against four things. A lost acknowledgement: Append, Put and Done return only after the bytes are synced to
// disk. Two writers: the store folder is locked before the engine starts, and each write names the write it follows; of two
// that name the same one, one is told. Weak settings: a stream that syncs late, lives in memory or drops its oldest messages
// is refused when it is opened. Silent trouble: when the engine cannot write any more, Failed tells the process to exit.
//
// It stops at bytes. The journal does not know what a record means, does not encrypt it and does not sign it; a caller
// puts neither personal numbers nor names in a log's name or in a key.
//
// By default the engine runs inside this process and opens no port. Only this package imports NATS.
package journal
