package config

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
)

var operatorName = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?$`)

// Operator is a person who may repair deliveries through the operators' address.
type Operator struct {
	// ID is the person's name in records, such as li.wei: 1 to 64 of a-z, 0-9, dot and hyphen. Required.
	ID string `yaml:"id"`
	// Keys are the person's public keys, other ones than any platform's. Required.
	Keys []PartyKey `yaml:"keys"`
}

func (c *Config) checkOperators(f *faults) {
	f.add(c.Changes.Gateway != "" || len(c.Operators) == 0, "$.operators", "changes.gateway is required with it: there is nothing to operate")
	ids, keys := map[string]bool{}, map[string]bool{}
	for _, party := range c.Platforms {
		for _, key := range party.Keys {
			keys[key.ID] = true
		}
	}
	for i, operator := range c.Operators {
		at := fmt.Sprintf("$.operators[%d]", i)
		f.add(operatorName.MatchString(operator.ID) && !ids[operator.ID], at+".id", "want 1 to 64 of a-z, 0-9, dot and hyphen, and unique")
		ids[operator.ID] = true
		f.add(len(operator.Keys) > 0, at+".keys", "at least one key is required")
		for k, key := range operator.Keys {
			here := fmt.Sprintf("%s.keys[%d]", at, k)
			f.add(key.ID != "" && !keys[key.ID], here+".id", "must be there and be unique among all platforms and operators")
			f.add(key.Public != "", here+".public", "is required")
			f.add(key.NotAfter.IsZero() || key.NotAfter.After(key.NotBefore), here+".notAfter", "lies before notBefore")
			keys[key.ID] = true
		}
	}
}

// OpsURL gives the operators' address as it is called from this machine.
func (c *Config) OpsURL() string { return "http://" + callable(c.OpsListen) }

// callable turns an address of every interface into one that can be called.
func callable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip, broken := netip.ParseAddr(host); err == nil && (host == "" || broken == nil && ip.IsUnspecified()) {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return address
}
