package gateway

import "github.com/zhengqiao/zhengqiao/exchange"

// EnvelopeMode says whether a platform encrypts its payloads.
type EnvelopeMode string

// The modes. The zero value is [EnvelopeOptional]; any other text demands encryption, so that a slip of the pen in a
// configuration can't turn it off.
const (
	EnvelopeOff      EnvelopeMode = "off"      // an envelope is refused
	EnvelopeOptional EnvelopeMode = "optional" // the answer is encrypted if the request was
	EnvelopeRequired EnvelopeMode = "required" // a plain body is refused
)

// demanded reports whether a plain body must be refused and a plain answer must not leave.
func (m EnvelopeMode) demanded() bool {
	return m != "" && m != EnvelopeOff && m != EnvelopeOptional
}

// Platform is a registered caller.
type Platform struct {
	ID       string
	Region   exchange.Region // its own; [exchange.National] for a platform of the whole country
	Envelope EnvelopeMode
	Relays   bool // it is a gateway and passes on what others announced, so it may say who said it first and what it has passed
}

// Platforms knows who may call.
type Platforms interface {
	// Platform finds a caller by the id that owns the signing key.
	Platform(id string) (Platform, bool)
}

// Capabilities tells what a platform can ask.
type Capabilities interface {
	Capabilities(platform string) []Capability
}

// Capability is what one channel offers for one region.
type Capability struct {
	Region     exchange.Region
	Class      string // of city: first-tier, provincial-capital or other
	Channel    string // id of the platform that citizens come through
	Tier       string // realtime, daily or weekly
	Operations []exchange.Operation
	Features   []string // extra features, by code
}
