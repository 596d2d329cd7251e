package app

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/watch"
)

// target is one host of an adapter and the client that reaches it.
type target struct {
	client *outbound.Client
	hosts  []string // such as https://example.gov.cn:8443
}

// targets gives what can be connected to, by adapter. An adapter with two parts has two clients of one id, in the order in which the
// parts were opened: sources before receivers.
func (s *sight) targets(c *config.Config) map[string][]target {
	s.mu.Lock()
	defer s.mu.Unlock()
	parts := map[string][]configured{}
	for i := range c.Sources {
		parts[c.Sources[i].ID] = append(parts[c.Sources[i].ID], &c.Sources[i])
	}
	for i := range c.Receivers {
		if c.Receivers[i].Kind != feedKind {
			parts[c.Receivers[i].ID] = append(parts[c.Receivers[i].ID], &c.Receivers[i])
		}
	}
	all := map[string][]target{}
	for id, mine := range parts {
		for i, part := range mine {
			if hosts := hostsOf(part); i < len(s.clients[id]) && len(hosts) > 0 {
				all[id] = append(all[id], target{s.clients[id][i], hosts})
			}
		}
	}
	return all
}

// hostsOf gives the hosts of every URL in an adapter's settings, whatever its key: which there are is the adapters' knowledge.
func hostsOf(part configured) []string {
	var settings map[string]any
	if part.Decode(&settings) != nil {
		return nil
	}
	delete(settings, "http")
	found := map[string]bool{}
	collectHosts(settings, found)
	return slices.Sorted(maps.Keys(found))
}

func collectHosts(settings map[string]any, found map[string]bool) {
	for _, value := range settings {
		switch value := value.(type) {
		case string:
			address, err := url.Parse(value)
			if err == nil && address.Host != "" && strings.HasPrefix(address.Scheme, "http") {
				found[address.Scheme+"://"+address.Host] = true
			}
		case map[string]any:
			collectHosts(value, found)
		}
	}
}

// probes gives each adapter a worker that connects to its hosts on a schedule.
func (a *App) probes() {
	for id, targets := range a.sight.targets(a.config) {
		a.workers = append(a.workers, func(ctx context.Context) error {
			return every(ctx, a.config.Watch.Period(), func(ctx context.Context) { a.sight.probe(ctx, id, targets) })
		})
	}
}

// probe connects to all hosts of an adapter and tells the first failure.
func (s *sight) probe(ctx context.Context, id string, targets []target) {
	var failure error
	for _, target := range targets {
		for _, host := range target.hosts {
			seen, err := target.client.Probe(ctx, host)
			if !seen.CertUntil.IsZero() {
				s.Expires(id, "tls-certificate", seen.CertUntil)
			}
			if err != nil && failure == nil {
				failure = err
			}
		}
	}
	if ctx.Err() != nil { // stopping says nothing about the platform
		return
	}
	s.Probed(id, failure)
	if failure != nil {
		s.failed(id, failure)
	}
}

// every does something at once and then on a schedule, until ctx ends.
func every(ctx context.Context, period time.Duration, do func(context.Context)) error {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		do(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

const (
	// storageTime bounds one test of the journal: a disk that takes longer is as good as full.
	storageTime = 3 * time.Second
	// backlogEvery is how old the figures about waiting changes may be. Each look asks every cursor.
	backlogEvery = 10 * time.Second
	// batchLag is how long a change may wait for a platform that is told in batches, the slowest of them once a day.
	batchLag = 26 * time.Hour
)

// checkStorage tells whether a record could be written now.
func (a *App) checkStorage(ctx context.Context) error {
	return every(ctx, a.config.Watch.Period(), func(ctx context.Context) {
		within, cancel := context.WithTimeout(ctx, storageTime)
		defer cancel()
		if err := a.journal.Ready(within); ctx.Err() == nil {
			a.sight.Stored(err)
		}
	})
}

// checkBacklog tells what waits for each receiver.
func (a *App) checkBacklog(ctx context.Context) error {
	if a.changes == nil {
		return nil
	}
	return every(ctx, backlogEvery, func(ctx context.Context) {
		all, err := a.changes.dispatcher.Status(ctx)
		if err != nil {
			return // the light goes grey: nothing was observed
		}
		for _, status := range all {
			a.sight.Waiting(status.Platform, a.backlog(status))
		}
	})
}

func (a *App) backlog(status changefeed.Status) watch.Backlog {
	seen := watch.Backlog{Pending: int(status.Entries), Parked: status.Parked, Lag: status.Lag, Off: status.Health.Off}
	if a.config.FrontDB(status.Platform) != nil {
		seen.Bound = batchLag
	}
	return seen
}

// worked tells how a work on a front-end database ended: it is the only call that such an adapter makes.
func (s *sight) worked(platform string, failure exchange.Code) {
	var err error
	if failure != "" {
		err = &exchange.Error{Code: failure}
	}
	s.Called(platform, watch.Call{Err: err})
}

// pollLag is how old what polls have covered may be, at least.
const pollLag = 5 * time.Minute

// covered tells what a poll has covered. A round over all known licences may take as long as the source's quota needs: its age is up to
// twice its period when all is well.
func (s *sight) covered(c *config.Config, source, mode string, moment time.Time) {
	for i := range c.Polls {
		if p := &c.Polls[i]; p.Source == source && p.Mode == mode {
			s.Covered(source, mode, moment, max(pollLag, 4*p.Period()+p.Lateness()))
		}
	}
}
