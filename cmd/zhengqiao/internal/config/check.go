package config

import (
	"slices"
	"time"
)

// check looks at what the file says by itself; keys and files are opened later.
func (c *Config) check() faults {
	var f faults
	c.checkAddresses(&f)
	f.add((c.TLS.Certificate == "") == (c.TLS.Key == ""), "$.tls", "certificate and key go together")
	f.add(c.TLS.ClientCAs == "" || c.TLS.Certificate != "", "$.tls.clientCAs", "client certificates need a server certificate")
	f.add(c.Gateway.KeyID != "" && c.Gateway.Key != "", "$.gateway", "keyId and key are required")
	f.add(c.Gateway.Window > 0, "$.gateway.window", "must be above 0")
	c.checkJournal(&f)
	f.add(c.Records.SealKeyID != "" && c.Records.SealKey != "" && c.Records.Pepper != "", "$.records", "sealKeyId, sealKey and pepper are required")
	f.add(c.Limits.BodyBytes > 0 && c.Limits.InFlight > 0 && c.Limits.Budget > 0 && c.Limits.Decision > 0 && c.Limits.Drain > 0, "$.limits", "every limit must be above 0")
	f.add(c.Limits.DrainDelay >= 0, "$.limits.drainDelay", "must not be below 0")
	f.add(c.Limits.DrainDelay+c.Limits.Drain <= maxDrain, "$.limits", "drainDelay and drain take at most %s together: the whole stop takes 10s at most", maxDrain)
	f.add(slices.Contains([]string{"debug", "info", "warn", "error"}, c.LogLevel), "$.logLevel", "want debug, info, warn or error")
	c.checkPlatforms(&f)
	c.checkQuotas(&f)
	c.checkSources(&f)
	c.checkRoutes(&f)
	c.checkTelemetry(&f)
	c.checkCoverage(&f)
	c.checkChanges(&f)
	c.checkOperators(&f)
	c.checkPublishing(&f)
	c.checkDecisions(&f)
	c.checkConsole(&f)
	c.checkPolls(&f)
	c.checkFrontDBs(&f)
	c.checkWatch(&f)
	c.checkCanaries(&f)
	return f
}

// maxDrain leaves the journal a second of the ten that a stop may take.
const maxDrain = 9 * time.Second
