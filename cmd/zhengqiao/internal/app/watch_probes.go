package app

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/watch"
)

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

// probes connects to the hosts of all adapters on a schedule. One that takes long does not hold up the others, and is not tried twice at
// once.
func (a *App) probes(ctx context.Context) error {
	var under sync.WaitGroup
	defer under.Wait()
	var busy sync.Map // adapters that are being tried
	return every(ctx, a.config.Watch.Period(), func(ctx context.Context) {
		for id, targets := range a.sight.wiring.targets() {
			if _, already := busy.LoadOrStore(id, true); already {
				continue
			}
			under.Go(func() {
				defer busy.Delete(id)
				a.sight.probe(ctx, id, targets)
			})
		}
	})
}

// probe connects to all hosts of an adapter and tells the first failure, and when the first certificates end.
func (s *sight) probe(ctx context.Context, id string, targets []target) {
	var failure error
	var hosts []string
	for _, target := range targets {
		for _, host := range target.hosts {
			seen, err := target.client.Probe(ctx, host)
			s.certified(id, host, seen.CertUntil)
			hosts = append(hosts, host)
			if err != nil && failure == nil {
				failure = err
			}
		}
	}
	if ctx.Err() != nil { // stopping says nothing about the platform
		return
	}
	s.Expires(id, "tls-certificate", s.firstCertificate(id, hosts))
	s.Expires(id, "client-certificate", clientEnd(targets))
	s.Probed(id, failure)
	if failure != nil {
		s.failed(id, failure)
	}
}

func (s *sight) certified(id, host string, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ends.seen(id, host, until)
}

func (s *sight) firstCertificate(id string, hosts []string) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ends.first(id, hosts)
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
	// batchTime is how long a batch may take beyond the time between two of them.
	batchTime = 2 * time.Hour
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
	if table := a.changes.fronts.tables[status.Platform]; table != nil {
		due := table.Due(time.Now())
		seen.Bound = table.Due(due).Sub(due) + batchTime
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
