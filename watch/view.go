package watch

import "time"

// Text is the same sentence in both languages of the operators.
type Text struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// Colour is what a light shows. It is never inferred from a configuration that merely could be read.
type Colour string

// The colours of a light.
const (
	Green  Colour = "green"  // proved well by traffic or a probe within the light's window
	Yellow Colour = "yellow" // works, but needs somebody soon
	Red    Colour = "red"    // does not work
	Grey   Colour = "grey"   // nothing was observed, so nothing is claimed
)

// LightName is which of the four questions a light answers.
type LightName string

// The four lights of an adapter.
const (
	Configuration LightName = "configuration" // do its settings, credentials and certificates hold now and for the days to come?
	Reachability  LightName = "reachability"  // does the platform answer?
	Freshness     LightName = "freshness"     // is what it says, or what it was told, recent enough?
	Contract      LightName = "contract"      // does it answer as its interface document says, with the right values?
)

// Layer is where a fault sits.
type Layer string

// The layers of a fault.
const (
	LayerNone       Layer = ""
	LayerDNS        Layer = "dns"
	LayerTCP        Layer = "tcp"
	LayerTLS        Layer = "tls"
	LayerHTTP       Layer = "http"
	LayerTime       Layer = "time"       // slow, or no answer in time
	LayerClock      Layer = "clock"      // the two clocks disagree
	LayerSignature  Layer = "signature"  // ours is refused or theirs does not verify
	LayerCredential Layer = "credential" // expired or refused
	LayerFormat     Layer = "format"     // the answer can't be read
	LayerValue      Layer = "value"      // the answer can be read and is wrong
	LayerData       Layer = "data"       // the answer is right and too old
	LayerDisk       Layer = "disk"       // the gateway's own storage
)

// Light is one answer about one adapter.
type Light struct {
	Name   LightName `json:"name"`
	Colour Colour    `json:"colour"`
	Since  time.Time `json:"since"` // when it took this colour
	Seen   time.Time `json:"seen"`  // the last observation that it rests on; zero if there is none
	Layer  Layer     `json:"layer,omitempty"`
	Why    Text      `json:"why"`    // what was observed
	Advice Text      `json:"advice"` // what to do; empty on green
}

// Latency has quantiles over the last five minutes, in seconds.
type Latency struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

// Rate is how much of what was tried worked.
type Rate struct {
	Tried  int `json:"tried"`
	Worked int `json:"worked"`
}

// Expiry is when a credential or certificate stops being good.
type Expiry struct {
	What string    `json:"what"` // such as "tls-certificate", "secret", "key suishenban-1"
	At   time.Time `json:"at"`
}

// Adapter is everything known about one configured adapter.
type Adapter struct {
	ID     string   `json:"id"`
	Kind   string   `json:"kind"`
	Region string   `json:"region,omitempty"` // division code, two or six digits
	Roles  []string `json:"roles"`            // of "source", "receiver", "push", "poll", "frontdb"
	Lights [4]Light `json:"lights"`           // in the order configuration, reachability, freshness, contract

	OwnLatency    Latency `json:"ownLatency"`    // the gateway's share
	SourceLatency Latency `json:"sourceLatency"` // the platform's share

	FiveMinutes Rate    `json:"fiveMinutes"`
	Hour        Rate    `json:"hour"`
	Day         Rate    `json:"day"`
	BudgetLeft  float64 `json:"budgetLeft"` // of the 30 days' error budget: 1 untouched, 0 used up, below 0 overdrawn

	Breaker     string    `json:"breaker"`            // closed, half-open, open; empty without one
	NextProbe   time.Time `json:"nextProbe,omitzero"` // when an open breaker lets a call through
	LastSuccess time.Time `json:"lastSuccess,omitzero"`

	OldestUndelivered float64   `json:"oldestUndelivered"` // seconds; 0 if nothing waits
	Pending           int       `json:"pending"`
	Parked            int       `json:"parked"`
	Expiries          []Expiry  `json:"expiries,omitempty"`
	Version           string    `json:"version"`              // of the adapter's dialect: the program's, which all dialects are part of
	Conformance       time.Time `json:"conformance,omitzero"` // when it last passed the connection test whole
}

// Worst is the colour that the adapter as a whole shows: red before yellow before grey before green.
func (a Adapter) Worst() Colour {
	for _, colour := range []Colour{Red, Yellow, Grey} {
		for _, light := range a.Lights {
			if light.Colour == colour {
				return colour
			}
		}
	}
	return Green
}

// Flow is what goes from one platform to another by way of this gateway: queries answered by a source for a caller, or changes.
type Flow struct {
	From      string  `json:"from"`
	To        string  `json:"to"`
	Kind      string  `json:"kind"`      // "query" or "change"
	PerMinute float64 `json:"perMinute"` // over the last five minutes
	Lag       float64 `json:"lag"`       // seconds; of changes
	Colour    Colour  `json:"colour"`
}

// Overview is the whole picture at one moment.
type Overview struct {
	At       time.Time `json:"at"`
	Node     string    `json:"node"`
	Revision string    `json:"revision"` // of the policies in force
	Adapters []Adapter `json:"adapters"`
	Flows    []Flow    `json:"flows"`
}
