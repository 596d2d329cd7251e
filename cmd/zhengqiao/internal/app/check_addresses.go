package app

import (
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
)

// addresses holds each address that a source's settings spell out against the networks that may be connected to. What a name
// resolves to shows only when connecting.
func (i *inspection) addresses() {
	for n := range i.config.Sources {
		i.addressesOf(&i.config.Sources[n], fmt.Sprintf("$.sources[%d]", n))
	}
}

// configured is an adapter's part of the configuration.
type configured interface {
	Decode(into any) error
	DecodePart(key string, into any) error
}

func (i *inspection) addressesOf(part configured, at string) {
	var settings map[string]any
	var reach outbound.Config
	if part.Decode(&settings) != nil || part.DecodePart("http", &reach) != nil {
		return // the adapter itself has refused it
	}
	at += ".settings"
	if reach.Proxy != "" { // it alone is connected to
		i.permitted(reach, at+".http.proxy", reach.Proxy)
		return
	}
	delete(settings, "http")
	i.permittedIn(reach, at, settings)
}

// permittedIn looks at every URL in the settings, whatever its key: which there are is the adapters' knowledge.
func (i *inspection) permittedIn(reach outbound.Config, at string, settings map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		switch value := settings[key].(type) {
		case string:
			i.permitted(reach, at+"."+key, value)
		case map[string]any:
			i.permittedIn(reach, at+"."+key, value)
		}
	}
}

func (i *inspection) permitted(reach outbound.Config, at, text string) {
	if !strings.HasPrefix(text, "http://") && !strings.HasPrefix(text, "https://") {
		return
	}
	target, err := url.Parse(text)
	if err != nil {
		return
	}
	address, err := netip.ParseAddr(target.Hostname())
	if err != nil {
		return
	}
	if err := reach.Permits(address); err != nil {
		i.faultAt(at, "%w", err)
	}
}
