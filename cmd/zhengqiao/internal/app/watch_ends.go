package app

import (
	"context"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// endsEvery is how often it is looked whether another key of a platform is the current one by now.
const endsEvery = time.Minute

// ending is something of an adapter that ends.
type ending struct{ adapter, what string }

// endsOf gives what the configuration says of ends: of credentials, and of the keys by which a platform signs now.
func endsOf(c *config.Config, now time.Time) map[ending]time.Time {
	ends := map[ending]time.Time{}
	for _, expiry := range c.Watch.Expiries {
		ends[ending{expiry.Adapter, expiry.What}] = expiry.At
	}
	for _, party := range c.Platforms {
		for _, key := range party.Keys {
			if key.ID == config.CurrentKey(party.Keys, now) {
				ends[ending{party.ID, "key " + key.ID}] = key.NotAfter
			}
		}
	}
	return ends
}

// tellEnds tells what a configuration says of ends, and forgets what was told before and is no longer so.
func (s *sight) tellEnds(c *config.Config, now time.Time) {
	ends := endsOf(c, now)
	s.mu.Lock()
	defer s.mu.Unlock()
	for old := range s.told {
		if _, still := ends[old]; !still {
			s.Expires(old.adapter, old.what, time.Time{})
		}
	}
	for end, at := range ends {
		s.Expires(end.adapter, end.what, at)
	}
	s.told = ends
}

// checkEnds follows the keys of the configuration in force: at some moment another one becomes the current.
func (a *App) checkEnds(ctx context.Context) error {
	return every(ctx, endsEvery, func(context.Context) { a.sight.tellEnds(a.current.Load().config, time.Now()) })
}

// certificates keeps when each host's certificate ends, by adapter. One worker at a time tells of an adapter.
type certificates map[string]map[string]time.Time

// seen notes a host's certificate; zero: it showed none, and what is known of it stays.
func (c certificates) seen(id, host string, until time.Time) {
	if c[id] == nil {
		c[id] = map[string]time.Time{}
	}
	if !until.IsZero() {
		c[id][host] = until
	}
}

// first gives when the first of the hosts' certificates ends, and forgets all other hosts; zero: none is known.
func (c certificates) first(id string, hosts []string) (ends time.Time) {
	for host, until := range c[id] {
		switch {
		case !slices.Contains(hosts, host):
			delete(c[id], host)
		case ends.IsZero() || until.Before(ends):
			ends = until
		}
	}
	return ends
}

// clientEnd gives when the first of the certificates ends by which we prove who we are; zero without one.
func clientEnd(targets []target) (ends time.Time) {
	for _, target := range targets {
		until, err := target.client.Certificate()
		if err == nil && !until.IsZero() && (ends.IsZero() || until.Before(ends)) {
			ends = until
		}
	}
	return ends
}
