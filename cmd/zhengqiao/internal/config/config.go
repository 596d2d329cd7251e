package config

import "time"

// Config is the whole file. Every member's zero value is useful unless it says "required". A relative path is taken from the
// folder that holds the file.
type Config struct {
	// Listen is the address of the contract's listener. Default 127.0.0.1:8080. Environment: ZHENGQIAO_LISTEN.
	Listen string `yaml:"listen" env:"LISTEN"`
	// OpsListen is the address of health, readiness and metrics. Default 127.0.0.1:9090. Environment: ZHENGQIAO_OPS_LISTEN.
	OpsListen string `yaml:"opsListen" env:"OPS_LISTEN"`
	// LogLevel is debug, info, warn or error. Default info. Environment: ZHENGQIAO_LOG_LEVEL.
	LogLevel string `yaml:"logLevel" env:"LOG_LEVEL"`
	// OpsAuthorities are the host names (with port unless default) that the operators' interface answers to; a request that an operator
	// signed for another one is refused. Empty: any. Environment: ZHENGQIAO_OPS_AUTHORITIES, by commas.
	OpsAuthorities []string `yaml:"opsAuthorities" env:"OPS_AUTHORITIES"`

	TLS       TLS        `yaml:"tls" envPrefix:"TLS_"`
	Gateway   Gateway    `yaml:"gateway" envPrefix:"GATEWAY_"`
	Limits    Limits     `yaml:"limits" envPrefix:"LIMITS_"`
	Journal   Journal    `yaml:"journal" envPrefix:"JOURNAL_"`
	Records   Records    `yaml:"records" envPrefix:"RECORDS_"`
	Policies  Policies   `yaml:"policies" envPrefix:"POLICIES_"`
	Decisions Decisions  `yaml:"decisions" envPrefix:"DECISIONS_"`
	Platforms []Party    `yaml:"platforms"` // required: who may call
	Sources   []Source   `yaml:"sources"`   // required: who is asked
	Routes    []Route    `yaml:"routes"`    // required: which source for which region
	Identity  string     `yaml:"identity"`  // id of the source that checks identities; empty: none
	Coverage  []Coverage `yaml:"coverage"`  // what GET /v1/capabilities tells
	Changes   Changes    `yaml:"changes" envPrefix:"CHANGES_"`
	Receivers []Receiver `yaml:"receivers"` // who is told of changes
	FrontDBs  []FrontDB  `yaml:"frontdbs"`  // who is told in batches, and whose rows are read
	Pushes    []Push     `yaml:"pushes"`    // who announces changes in a format of its own
	Operators []Operator `yaml:"operators"` // who may repair deliveries
	Polls     []Poll     `yaml:"polls"`     // who announces none and is polled for them
	Console   Console    `yaml:"console" envPrefix:"CONSOLE_"`
	Watch     Watch      `yaml:"watch" envPrefix:"WATCH_"`
	Canaries  Canaries   `yaml:"canaries"` // what is asked and announced to see that all is well

	Telemetry Telemetry `yaml:"telemetry" envPrefix:"TELEMETRY_"`

	folder string // that holds the file
	text   []byte // of the file

	path    string // of the file, absolute
	environ []string
	digest  [32]byte // of the text
}

// TLS turns the contract's listener to HTTPS.
type TLS struct {
	// Certificate and Key are PEM files; both or neither.
	Certificate string `yaml:"certificate" env:"CERTIFICATE"`
	Key         string `yaml:"key" env:"KEY"`
	// ClientCAs is a PEM file of authorities; set, every caller must show a certificate that one of them signed.
	ClientCAs string `yaml:"clientCAs" env:"CLIENT_CAS"`
}

// Gateway is what the gateway signs and decrypts with.
type Gateway struct {
	// KeyID names the signing key in answers. Required, such as gateway-1.
	KeyID string `yaml:"keyId" env:"KEY_ID"`
	// Key refers to the SM2 private key: file:PATH of a PKCS#8 PEM. Required.
	Key string `yaml:"key" env:"KEY"`
	// Retired are earlier keys that still open payload envelopes during a rotation.
	Retired []RetiredKey `yaml:"retired"`
	// Window is how far a signature's time may be from now, either way. Default 60s.
	Window time.Duration `yaml:"window" env:"WINDOW"`
	// Authorities are the host names (with port unless default) that the gateway answers to; a request that was signed for
	// another one is refused. Empty: any, which is only for trials, since a request signed for another gateway would pass.
	Authorities []string `yaml:"authorities" env:"AUTHORITIES"`
}

// RetiredKey is an earlier private key.
type RetiredKey struct {
	KeyID string `yaml:"keyId"`
	Key   string `yaml:"key"`
}

// Limits bound what one caller can cost.
type Limits struct {
	// BodyBytes is the largest request body. Default 65536.
	BodyBytes int64 `yaml:"bodyBytes" env:"BODY_BYTES"`
	// InFlight is how many queries are worked on at once, and as many reports; more wait for a place. Default 256.
	InFlight int `yaml:"inFlight" env:"IN_FLIGHT"`
	// Budget bounds one query, its sources included. Default 3s.
	Budget time.Duration `yaml:"budget" env:"BUDGET"`
	// Decision bounds one policy decision, which takes well under 1ms; it is there for rules that run away. Default 250ms.
	Decision time.Duration `yaml:"decision" env:"DECISION"`
	// Drain bounds the wait for requests under way at the end. Default 8s; the whole stop takes 10s at most.
	Drain time.Duration `yaml:"drain" env:"DRAIN"`
	// DrainDelay is how long requests are still taken after a stop was asked for, while readiness fails already: behind a load
	// balancer a little more than it takes to notice. Default 0s. Together with drain at most 9s.
	DrainDelay time.Duration `yaml:"drainDelay" env:"DRAIN_DELAY"`
	// Quota is that of platforms which have none of their own.
	Quota Quota `yaml:"quota" envPrefix:"QUOTA_"`
}

// Records is how queries are recorded.
type Records struct {
	// SealKeyID and SealKey are the SM4 key (file:PATH, 16 bytes in hex or base64) that seals request bodies. Required.
	SealKeyID string `yaml:"sealKeyId" env:"SEAL_KEY_ID"`
	SealKey   string `yaml:"sealKey" env:"SEAL_KEY"`
	// Pepper (file:PATH, 16 bytes in hex or base64) keys the pseudonyms of personal numbers. Required. A new pepper
	// gives new pseudonyms: never change it without a reason.
	Pepper string `yaml:"pepper" env:"PEPPER"`
}

// Policies is where decisions come from.
type Policies struct {
	// Dir is a folder of Rego and data files; empty: the policies inside the program. SIGHUP reads it anew.
	Dir string `yaml:"dir" env:"DIR"`
	// Require is local (default) or signed.
	Require string `yaml:"require" env:"REQUIRE"`
	// Source is where signed bundles are fetched from.
	Source PolicySource `yaml:"source" envPrefix:"SOURCE_"`
	// Authors and Approvers are who may sign bundles. Required with signed.
	Authors   []Signatory `yaml:"authors"`
	Approvers []Signatory `yaml:"approvers"`
	// Shadow is a candidate to try on live requests.
	Shadow Shadow `yaml:"shadow" envPrefix:"SHADOW_"`
}

// Party is a platform that may call.
type Party struct {
	// ID is the platform's id, which policies know too. Required.
	ID string `yaml:"id"`
	// Region is its province (GB/T 2260, six digits), 000000 for the whole country. Required.
	Region string `yaml:"region"`
	// Encryption of payloads: off, optional (default) or required.
	Encryption string `yaml:"encryption"`
	// Relays: it is a gateway that passes on what others announced, so its reports may say who said it first and what they passed.
	Relays bool `yaml:"relays"`
	// Keys are its public keys; two may be valid at once. Required.
	Keys []PartyKey `yaml:"keys"`
	// Quota is what it may ask.
	Quota Quota `yaml:"quota"`
}

// PartyKey is one public key of a platform.
type PartyKey struct {
	ID        string    `yaml:"id"`     // such as suishenban-1
	Public    string    `yaml:"public"` // file:PATH of a PEM public key
	NotBefore time.Time `yaml:"notBefore"`
	NotAfter  time.Time `yaml:"notAfter"` // zero: no end
}

// CurrentKey gives the id of the last listed key that is valid now, "" if none is.
func CurrentKey(keys []PartyKey, now time.Time) (id string) {
	for _, key := range keys {
		if !now.Before(key.NotBefore) && (key.NotAfter.IsZero() || now.Before(key.NotAfter)) {
			id = key.ID
		}
	}
	return id
}

// Source is a platform that answers.
type Source struct {
	ID       string `yaml:"id"`
	Kind     string `yaml:"kind"`   // the dialect: tmri, suishenban, zheliban, suihaoban, population
	Region   string `yaml:"region"` // whose data it holds
	Settings `yaml:",inline"`
}

// Route lists the sources for a region, in the order in which they are asked.
type Route struct {
	Region     string   `yaml:"region"`     // 000000: every region without a route of its own
	Operations []string `yaml:"operations"` // empty: all
	Sources    []string `yaml:"sources"`
}

// Coverage is one line of GET /v1/capabilities: how a region is connected.
type Coverage struct {
	Region   string    `yaml:"region"`
	Class    string    `yaml:"class"` // first-tier, provincial-capital or other
	Channels []Channel `yaml:"channels"`
}

// Channel is one way in for a region's citizens.
type Channel struct {
	Platform   string   `yaml:"platform"`
	Tier       string   `yaml:"tier"` // realtime, daily or weekly
	Operations []string `yaml:"operations"`
	Features   []string `yaml:"features"`
}
