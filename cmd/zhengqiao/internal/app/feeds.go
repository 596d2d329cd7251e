package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/zhengqiao/zhengqiao/changefeed/feed"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// feedKind is the kind of the receivers that fetch their changes themselves, by the contract: no adapter is behind it.
const feedKind = "feed"

// feedsLedger is the place of their lists in the journal.
const feedsLedger = "feeds"

// feedsPartitions spreads the batches over a few streams; they are found by key, so the number means nothing to a reader.
const feedsPartitions = 4

// feedSettings are the settings of a receiver of this kind.
type feedSettings struct {
	// Content is thin (which licence changed and how; the default) or full (also the fields that the platform may see).
	Content feed.Content `yaml:"content"`
}

// openFeeds opens the lists of the platforms that have one, and joins them to the receivers.
func (a *App) openFeeds(ctx context.Context, c *changes) error {
	var platforms []feed.Platform
	for i := range a.config.Receivers {
		if a.config.Receivers[i].Kind != feedKind {
			continue
		}
		platform, err := feedOf(a.config, i)
		if err != nil {
			return err
		}
		platforms = append(platforms, platform)
	}
	if len(platforms) == 0 {
		return nil
	}
	ledger, err := a.journal.Ledger(ctx, journal.LedgerConfig{Name: feedsLedger, Partitions: feedsPartitions})
	if err != nil {
		return err
	}
	if c.feeds, err = feed.New(ledger, c.sealer, platforms...); err != nil {
		return err
	}
	for _, platform := range platforms {
		c.told.put(&exchange.Receiver{ID: platform.ID, Kind: feedKind, Changes: c.feeds.Writer(platform.ID)})
	}
	return nil
}

// feedOf reads the settings of a receiver with a feed, who must be able to sign what it asks.
func feedOf(c *config.Config, i int) (feed.Platform, error) {
	configured, at := &c.Receivers[i], fmt.Sprintf("$.receivers[%d]", i)
	var settings feedSettings
	if err := configured.Decode(&settings); err != nil {
		return feed.Platform{}, c.At(at+".settings", err)
	}
	if settings.Content != "" && settings.Content != feed.Thin && settings.Content != feed.Full {
		return feed.Platform{}, c.At(at+".settings", fmt.Errorf("content: want thin or full"))
	}
	if !slices.ContainsFunc(c.Platforms, func(p config.Party) bool { return p.ID == configured.ID }) {
		return feed.Platform{}, c.At(at+".id", fmt.Errorf("%s has no keys under platforms, so it could never sign for its feed", configured.ID))
	}
	return feed.Platform{ID: configured.ID, Content: settings.Content}, nil
}

// offer gives the contract what the synchronisation adds to it: reports, and the feeds if there are any.
func (c *changes) offer(deps *gateway.Deps, pseudonyms exchange.Pseudonyms) {
	if c == nil {
		return
	}
	deps.Changes, deps.Pseudonyms = c.intake, pseudonyms
	if c.feeds != nil {
		deps.Feeds = c.feeds
	}
}
