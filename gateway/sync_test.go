package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/feed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// shelf is a ledger without a disk.
type shelf struct {
	mu      sync.Mutex
	entries []journal.Entry
	newest  map[string]int // by key: one more than its place
	down    error          // if set, what every call fails with
}

func (s *shelf) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = err
}

func (s *shelf) Put(_ context.Context, key string, data []byte, follows journal.Revision) (journal.Revision, error) {
	last, err := s.Last(context.Background(), key)
	if err != nil && !errors.Is(err, journal.ErrNotFound) {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if last.Revision != follows {
		return 0, journal.ErrConflict
	}
	revision := journal.Revision(len(s.entries) + 1)
	s.entries = append(s.entries, journal.Entry{Key: key, Data: data, Revision: revision, Follows: follows})
	if s.newest == nil {
		s.newest = map[string]int{}
	}
	s.newest[key] = len(s.entries)
	return revision, nil
}

func (s *shelf) Last(_ context.Context, key string) (journal.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return journal.Entry{}, s.down
	}
	if place := s.newest[key]; place > 0 {
		return s.entries[place-1], nil
	}
	return journal.Entry{}, journal.ErrNotFound
}

func (s *shelf) Read(_ context.Context, revision journal.Revision) (journal.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.entries[revision-1], nil
}

// open seals nothing: what a shelf holds nobody sees.
type open struct{}

func (open) Seal(content, _ []byte) ([]byte, error) { return slices.Clone(content), nil }
func (open) Open(sealed, _ []byte) ([]byte, error)  { return sealed, nil }

// provincial lets every platform announce as a province does.
func provincial(changefeed.Announcement) (exchange.Rank, error) { return exchange.RankProvince, nil }

func (d *desk) Rank(_ context.Context, a changefeed.Announcement) (exchange.Rank, error) {
	return d.announce(a)
}

// intake is the real one, on a shelf.
func (r *rig) intake(t tb) *changefeed.Intake {
	t.Helper()
	return &changefeed.Intake{
		Book: changefeed.NewBook(&r.licences, open{}, r.clock.Now), Announcers: r.desk, Recorder: r.desk, Clock: r.clock.Now, Gateway: "gateway-a",
		Random: func(limit time.Duration) time.Duration { return limit / 2 },
	}
}

// openFeeds gives suishenban a feed with what it may see and zheliban, which must encrypt, a thin one.
func (r *rig) openFeeds(t tb) *feed.Feeds {
	t.Helper()
	r.feeds = must(feed.New(&r.batches, open{}, feed.Platform{ID: "suishenban", Content: feed.Full}, feed.Platform{ID: "zheliban"}))(t)
	return r.feeds
}

// tell puts so many changes into a platform's feed.
func (r *rig) tell(t tb, platform string, count int) {
	t.Helper()
	for version := range count {
		notice := exchange.Notice{
			Licence: "4b1d3f5e", Version: uint64(version + 1), Region: "310000", Happened: testNow(), Origin: "zheliban", Via: []string{"gateway-a"},
			Events: []exchange.Event{{Kind: exchange.StatusAdded, Letter: "B"}, {Kind: exchange.PointsChanged}},
			Fields: exchange.Disclosed{
				{Name: "cardNumber", Value: "3***********8", Masked: true}, {Name: "status", Value: exchange.StatusSet("B").States()}, {Name: "points", Value: 12},
			},
		}
		if err := r.feeds.Writer(platform).Apply(context.Background(), notice); err != nil {
			t.Fatal(err)
		}
	}
}

// stretch is what the tests look at in a stretch of a feed.
type stretch struct {
	Changes []struct {
		Number, Version uint64
		Licence         string
		Fields          map[string]any
		Masked          []string
	}
	First, Last uint64
	Next        string
	More        bool
}

// stretch reads a platform's feed with a query string.
func (r *rig) stretch(t tb, platform, query string) stretch {
	t.Helper()
	got := r.send(t, r.sign(t, platform, "GET", "/v1/changes"+query, nil))
	var answer struct{ Feed stretch }
	if err := json.Unmarshal(got.body, &answer); err != nil || got.status != 200 {
		t.Fatalf("status %d: %s", got.status, got.body)
	}
	return answer.Feed
}
