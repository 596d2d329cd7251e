package journal

// Record is one entry of a log. The journal does not look inside.
type Record struct {
	// Data is the record itself.
	Data []byte

	// Key names what the record is about, so that records can be found again by a derived index: a pseudonym, never a
	// personal number. It is stored with the record; at most 128 bytes; may be empty.
	Key string
}

// Position says where a record is.
type Position struct {
	// Log is the log's name.
	Log string

	// Index counts the records of the log from 0 without a gap, across restarts. It is the record's identity.
	Index uint64

	// Sequence is the engine's number of the message that holds the record and up to 255 neighbours. It is for people who
	// look into the store with NATS tools; it does not identify the record.
	Sequence uint64
}

// maxKeyBytes holds a 256-bit pseudonym in hexadecimal and a prefix.
const maxKeyBytes = 128
