package journal

import (
	"sync"
	"time"
	_ "unsafe" // for linkname
)

// The engine's nodes elect a new leader 4 to 9 s after the old one fell silent, and have no setting for it. Deliveries must go on
// within 10 s of a loss, with redelivery and a new request on top, so these three variables of the engine are set from here. See
// docs/decisions.
var (
	//go:linkname engineElectionMin github.com/nats-io/nats-server/v2/server.minElectionTimeout
	engineElectionMin time.Duration
	//go:linkname engineElectionMax github.com/nats-io/nats-server/v2/server.maxElectionTimeout
	engineElectionMax time.Duration
	//go:linkname engineHeartbeat github.com/nats-io/nats-server/v2/server.hbInterval
	engineHeartbeat time.Duration
)

const (
	electionMin = 2500 * time.Millisecond
	electionMax = 5 * time.Second
	heartbeat   = 500 * time.Millisecond

	// What the engine has by itself. Another value means that it has changed, and that nobody knows what these mean now.
	engineMin  = 4 * time.Second
	engineMax  = 9 * time.Second
	engineBeat = time.Second
)

// hasten sets the engine's times, once, before the first node of a cluster starts in this process.
var hasten = sync.OnceValue(func() bool {
	if engineElectionMin != engineMin || engineElectionMax != engineMax || engineHeartbeat != engineBeat {
		return false
	}
	engineElectionMin, engineElectionMax, engineHeartbeat = electionMin, electionMax, heartbeat
	return true
})
