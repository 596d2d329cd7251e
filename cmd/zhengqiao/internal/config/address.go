package config

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
)

func (c *Config) checkAddresses(f *faults) {
	for path, address := range map[string]string{"$.listen": c.Listen, "$.opsListen": c.OpsListen} {
		if err := checkAddress(address); err != nil {
			f.add(false, path, "%v", err)
		}
	}
	_, port, _ := net.SplitHostPort(c.Listen)
	f.add(c.Listen != c.OpsListen || port == "0", "$.opsListen", "is the same address as listen; the two need one each")
}

// checkAddress wants host:port; an empty host is every interface, port 0 any free one.
func checkAddress(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%q: want host:port such as 127.0.0.1:8080, or 0.0.0.0:8080 for every interface", address)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%q: want a port from 0 to 65535", address)
	}
	return nil
}

// URL gives the address under which the gateway is called from this machine.
func (c *Config) URL() string {
	scheme := "http://"
	if c.TLS.Certificate != "" {
		scheme = "https://"
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if address, broken := netip.ParseAddr(host); err == nil && (host == "" || broken == nil && address.IsUnspecified()) {
		return scheme + net.JoinHostPort("127.0.0.1", port)
	}
	return scheme + c.Listen
}
