package outbound_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// The ports are closed: where an address is permitted, the refusal comes from the system instead of from us. No address
// outside of this machine is tried, except by the cases that must be stopped before.
func TestForbiddenAddresses(t *testing.T) {
	t.Parallel()
	all := []string{"0.0.0.0/0", "::/0"}
	cases := map[string]struct {
		allow []string
		host  string
		stop  bool
	}{
		"loopback by default":       {[]string{}, "127.0.0.1", true},
		"loopback v6 by default":    {[]string{}, "[::1]", true},
		"loopback as mapped v6":     {[]string{}, "[::ffff:127.0.0.1]", true},
		"loopback by its name":      {[]string{}, "localhost", true},
		"loopback listed":           {loopback, "127.0.0.1", false},
		"not listed":                {[]string{"10.0.0.0/8"}, "127.0.0.1", true},
		"metadata":                  {all, "169.254.169.254", true},
		"metadata as mapped v6":     {all, "[::ffff:169.254.169.254]", true},
		"metadata of Alibaba Cloud": {all, "100.100.100.200", true},
		"metadata of Amazon":        {all, "[fd00:ec2::254]", true},
		"link-local v6":             {all, "[fe80::1]", true},
		"multicast":                 {all, "224.0.0.1", true},
		"unspecified":               {all, "0.0.0.0", true},
		"this network":              {all, "0.1.2.3", true},
		"broadcast":                 {all, "255.255.255.255", true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := open(t, outbound.Config{Allow: c.allow}, outbound.Deps{})
			_, err := client.Do(t.Context(), outbound.Request{URL: "http://" + c.host + ":1/"})
			if exchange.CodeOf(err) != exchange.SourceDown {
				t.Fatalf("got %v, want source-down", err)
			}
			refused, stopped := errors.AsType[*outbound.AddressError](err)
			if stopped != c.stop {
				t.Errorf("stopped: %t (%v), want %t", stopped, err, c.stop)
			}
			if stopped && !strings.Contains(err.Error(), refused.Address.String()) {
				t.Errorf("%v does not name the address", err)
			}
		})
	}
}

// TestPermits says before connecting what connecting would say, and what to do about it.
func TestPermits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		allow         []string
		address, want string
	}{
		{nil, "127.0.0.1", "127.0.0.1 is loopback; list its network under settings.http.allow"},
		{nil, "10.1.2.3", ""},
		{[]string{"10.1.0.0/16"}, "10.1.2.3", ""},
		{[]string{"10.1.0.0/16"}, "10.2.0.1", "10.2.0.1 is in none of the networks under settings.http.allow"},
		{[]string{"0.0.0.0/0"}, "169.254.169.254", "169.254.169.254 is link-local"},
		{[]string{"10.1"}, "10.1.2.3", "allow[0]: want a network"},
	} {
		err := outbound.Config{Allow: c.allow}.Permits(netip.MustParseAddr(c.address))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, %s: %v, want %q", c.allow, c.address, err, c.want)
		}
	}
}
