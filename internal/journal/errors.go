package journal

import "errors"

// Each error says what its reader may do next. All are matched with errors.Is.
var (
	// ErrLocked: another process, or another part of this one, has the store folder or the log open. Two engines on one
	// folder would lose acknowledged data, so the second is refused before it touches a file.
	ErrLocked = errors.New("journal is open elsewhere")

	// ErrWeakSettings: the engine or a stream would keep less than promised (memory storage, late sync, dropping of old
	// messages, too few replicas). Nothing is repaired silently: an operator must look at who changed it.
	ErrWeakSettings = errors.New("journal settings are weaker than required")

	// ErrOverloaded: the queue of records that wait for the disk is full. The record was not taken; try again later
	// (HTTP services: 503 with Retry-After).
	ErrOverloaded = errors.New("journal is overloaded")

	// ErrFull: the configured size is used up. The record was not stored. Nothing old is dropped to make room.
	ErrFull = errors.New("journal is full")

	// ErrTooLarge: the record, its key or a value exceeds the configured limit. It was not stored.
	ErrTooLarge = errors.New("record is too large")

	// ErrNotFound: no record has this index (any more), or no value has this key.
	ErrNotFound = errors.New("not in the journal")

	// ErrConflict: someone else wrote first. For a state the caller reads again and decides again; a log stops writing,
	// because a second writer on a log is a fault of the installation.
	ErrConflict = errors.New("journal was written by someone else")

	// ErrUncertain: nobody could say in time whether the entry is stored. It may be there now or in a moment, but at most
	// once. The caller reads the key again before it decides again.
	ErrUncertain = errors.New("outcome of the write is unknown")

	// ErrPartitions: the ledger was created with another number of partitions. It cannot be changed: keys would move to
	// other readers and their order would be lost.
	ErrPartitions = errors.New("ledger has another number of partitions")

	// ErrLapsed: an entry was given back or held longer than the cursor's AckWait, so somebody else may have it. Whoever
	// gets it next repeats the work, which is why receivers check the version themselves.
	ErrLapsed = errors.New("entry is not held any more")

	// ErrCorrupt: stored bytes do not decode, fail their checksum, or do not follow the record before them.
	ErrCorrupt = errors.New("journal is damaged")

	// ErrFailed: the engine could not say whether the write is stored. It may or may not be there after a restart.
	// The journal takes no more writes and Failed is closed.
	ErrFailed = errors.New("journal failed")

	// ErrClosed: the journal was closed. A record that was refused with it was not taken, except when Close ran out of
	// time: then the error also matches ErrFailed.
	ErrClosed = errors.New("journal is closed")
)
