package outbound

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"time"
)

// Validate tells of every setting that cannot be used, by its key.
func (c Config) Validate() error {
	c = c.filled()
	return errors.Join(
		positive("timeout", c.Timeout), positive("retryWait", c.RetryWait), positive("queueWait", c.QueueWait),
		positive("breaker.window", c.Breaker.Window), positive("breaker.openFor", c.Breaker.OpenFor),
		within("attempts", c.Attempts, 1, maxAttempts), within("concurrency", c.Concurrency, 1, 1<<16),
		within("minConcurrency", c.MinConcurrency, 1, c.Concurrency), within("queue", c.Queue, 1, 1<<16),
		within("breaker.minCalls", c.Breaker.MinCalls, 1, 1<<16), c.validateRate(), c.validateAllow(), c.validateProxy(),
		c.TLS.validate(),
	)
}

func positive(key string, value time.Duration) error {
	return require(value > 0, key, "want a time over 0")
}

func within(key string, value, low, high int) error {
	return require(value >= low && value <= high, key, fmt.Sprintf("want %d to %d", low, high))
}

func require(ok bool, key, want string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%s: %s", key, want)
}

func (c Config) validateRate() error {
	rate := c.Breaker.FailureRate
	return require(rate > 0 && rate <= 1, "breaker.failureRate", "want a share over 0, at most 1")
}

func (c Config) validateAllow() error {
	_, err := c.allowed()
	return err
}

func (c Config) allowed() ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for i, text := range c.Allow {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("allow[%d]: want a network such as 10.1.0.0/16: %w", i, err)
		}
		networks = append(networks, network.Masked())
	}
	return networks, nil
}

func (c Config) validateProxy() error {
	_, err := c.proxy()
	return err
}

func (c Config) proxy() (*url.URL, error) {
	if c.Proxy == "" {
		return nil, nil
	}
	address, err := url.Parse(c.Proxy)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return nil, errors.New("proxy: want http://host:port or https://host:port")
	}
	return address, nil
}

func (t TLSConfig) validate() error {
	return require((t.CertFile == "") == (t.KeyFile == ""), "tls.certFile", "tls.keyFile belongs to it: want both or neither")
}
