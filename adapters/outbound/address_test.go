package outbound_test

import (
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// The ports are closed: where an address is permitted, the refusal comes from the system instead of from us. No address
// outside of this machine is tried, except by the cases that must be stopped before.
func TestForbiddenAddresses(t *testing.T) {
	t.Parallel()
	const forbidden = "not one that this destination may be reached at"
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
			if stopped := strings.Contains(err.Error(), forbidden); stopped != c.stop {
				t.Errorf("stopped: %t (%v), want %t", stopped, err, c.stop)
			}
		})
	}
}
