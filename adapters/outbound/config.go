package outbound

import "time"

// Config says how a destination is reached. The zero value is usable: each member has a default.
type Config struct {
	// Timeout bounds one attempt, connecting and reading included. Default 3s, the budget of a query (T4 in the register of
	// assumptions). The caller's deadline ends all attempts earlier.
	Timeout time.Duration `yaml:"timeout"`
	// Attempts is how often an idempotent call is made at most. Default 2, that is one retry.
	Attempts int `yaml:"attempts"`
	// RetryWait is the longest first wait between attempts; it doubles, with full jitter, up to 1s. Default 50ms.
	RetryWait time.Duration `yaml:"retryWait"`
	// Concurrency is the largest number of calls under way to the destination. While its answers slow down under more calls, fewer
	// are let through. Default 64.
	Concurrency int `yaml:"concurrency"`
	// MinConcurrency is how few that may be in the end. Default 4, at most Concurrency.
	MinConcurrency int `yaml:"minConcurrency"`
	// Queue is how many calls may wait for their turn when as many as allowed are under way. Default: half of Concurrency.
	Queue int `yaml:"queue"`
	// QueueWait is how long a call waits for its turn; one whose turn won't come by then is not kept waiting at all. Default 100ms.
	QueueWait time.Duration `yaml:"queueWait"`
	// Breaker says when the destination counts as down.
	Breaker BreakerConfig `yaml:"breaker"`
	// Allow lists the only networks that may be connected to, in CIDR form such as 10.1.0.0/16, judged by the address that a
	// name resolves to. Default: any but loopback. Link-local, multicast, unspecified and cloud metadata addresses stay
	// forbidden whatever is listed.
	Allow []string `yaml:"allow"`
	// Proxy is the http:// or https:// address of a proxy to go through; Allow then judges the proxy's address. Default:
	// none, and the environment is not asked.
	Proxy string `yaml:"proxy"`
	// TLS is used for https.
	TLS TLSConfig `yaml:"tls"`
}

// BreakerConfig says when calls to a destination stop and when they resume. Failures are: down, no answer in time, and
// answers that broke off.
type BreakerConfig struct {
	// FailureRate opens the breaker, as a share of the calls in Window. Default 0.5.
	FailureRate float64 `yaml:"failureRate"`
	// MinCalls is how many calls Window must hold before the rate counts. Default 10.
	MinCalls int `yaml:"minCalls"`
	// Window is the time over which calls are counted. Default 10s.
	Window time.Duration `yaml:"window"`
	// OpenFor is the time without calls, after which one call tries. Default 5s.
	OpenFor time.Duration `yaml:"openFor"`
}

// TLSConfig names files in PEM form; versions before TLS 1.2 are never spoken.
type TLSConfig struct {
	// CAFile holds the authorities that sign the destination's certificate. Default: the system's.
	CAFile string `yaml:"caFile"`
	// CertFile and KeyFile hold our client certificate, if the destination wants one. Both or neither.
	CertFile string `yaml:"certFile"`
	KeyFile  string `yaml:"keyFile"`
	// ServerName is the name in the destination's certificate, where it is not the host of its URL.
	ServerName string `yaml:"serverName"`
}

const (
	defaultTimeout     = 3 * time.Second
	defaultAttempts    = 2
	defaultRetryWait   = 50 * time.Millisecond
	defaultConcurrency = 64
	defaultQueueWait   = 100 * time.Millisecond

	defaultMinConcurrency = 4
	defaultFailureRate    = 0.5
	defaultMinCalls       = 10
	defaultWindow         = 10 * time.Second
	defaultOpenFor        = 5 * time.Second

	maxAttempts = 5
)

func (c Config) filled() Config {
	setDefault(&c.Timeout, defaultTimeout)
	setDefault(&c.Attempts, defaultAttempts)
	setDefault(&c.RetryWait, defaultRetryWait)
	setDefault(&c.Concurrency, defaultConcurrency)
	setDefault(&c.MinConcurrency, min(defaultMinConcurrency, c.Concurrency))
	setDefault(&c.Queue, max(1, c.Concurrency/2))
	setDefault(&c.QueueWait, defaultQueueWait)
	setDefault(&c.Breaker.FailureRate, defaultFailureRate)
	setDefault(&c.Breaker.MinCalls, defaultMinCalls)
	setDefault(&c.Breaker.Window, defaultWindow)
	setDefault(&c.Breaker.OpenFor, defaultOpenFor)
	return c
}

func setDefault[T comparable](value *T, fallback T) {
	var unset T
	if *value == unset {
		*value = fallback
	}
}
