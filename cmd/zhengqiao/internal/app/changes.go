package app

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/feed"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
	"github.com/zhengqiao/zhengqiao/policies"
)

// The places of the synchronisation in the journal.
const (
	licencesLedger = "licences"  // what is known of each licence
	parkedLedger   = "parked"    // deliveries that were refused for good
	endpointsState = "endpoints" // health of the receiving platforms
)

// changes is the synchronisation of licence changes; nil where the configuration has none.
type changes struct {
	ledger     *journal.Ledger
	sealer     sealer
	book       *changefeed.Book
	intake     *changefeed.Intake
	parking    *changefeed.Parking
	dispatcher *changefeed.Dispatcher
	told       told
	feeds      *feed.Feeds // nil: no platform fetches its changes itself
	fronts     fronts
	counts     *changeCounts
}

// openChanges opens the ledgers and prepares intake and delivery, and leaves the delivery to the app's workers.
func (a *App) openChanges(ctx context.Context, vault *envelope.Vault) error {
	if a.config.Changes.Gateway == "" {
		return nil
	}
	c := &changes{sealer: sealer{vault}}
	a.changes = c
	var err error
	if c.counts, err = newChangeCounts(a.registry); err != nil {
		return err
	}
	if c.ledger, err = a.journal.Ledger(ctx, journal.LedgerConfig{Name: licencesLedger, Partitions: a.config.Changes.Partitions}); err != nil {
		return err
	}
	c.book = changefeed.NewBook(a.followedLedger(c.ledger), c.sealer, time.Now)
	c.intake = &changefeed.Intake{
		Book: c.book, Announcers: a.announcers(), Recorder: a.broker.Recorder, Clock: time.Now, Gateway: a.config.Changes.Gateway,
		Random: jitter, Observe: c.counts.report, Trace: a.followReports(),
	}
	return a.openDelivery(ctx, c)
}

func (a *App) openDelivery(ctx context.Context, c *changes) error {
	parked, err := a.journal.Ledger(ctx, journal.LedgerConfig{Name: parkedLedger, Partitions: 1})
	if err != nil {
		return err
	}
	marks, err := a.journal.State(ctx, journal.StateConfig{Name: endpointsState})
	if err != nil {
		return err
	}
	opened, err := openReceivers(a.config, a.outbound(), a.sight.wiring)
	if err != nil {
		return err
	}
	c.told.open(a, a.sight.receivers(opened))
	if err := a.openFeeds(ctx, c); err != nil {
		return err
	}
	if c.fronts, err = openFronts(a.config, a.broker.Pseudonyms); err != nil {
		return err
	}
	if err := c.fronts.openPlaces(ctx, a.journal); err != nil {
		return err
	}
	c.parking = changefeed.NewParking(parked, time.Now)
	c.dispatcher, err = changefeed.NewDispatcher(changefeed.Config{
		Book: c.book, Cursors: c.cursor, Partitions: c.ledger.Partitions(), Endpoints: append(c.told.now().endpoints(a.config), c.fronts.endpoints(a.config)...), Decider: a.broker.Decider,
		Recorder: a.broker.Recorder, Parking: c.parking, Marks: marks, Gateway: a.config.Changes.Gateway,
		Patience: changefeed.Patience(a.config.Changes.Retry), Clock: time.Now, Random: jitter, Logger: a.logger, Observe: c.counts.delivery,
		Alert: c.counts.switchedOff, Trace: a.followDeliveries(),
	})
	if err != nil {
		return err
	}
	a.workers = append(a.workers, func(ctx context.Context) error { c.dispatcher.Run(ctx); return nil })
	return c.fronts.work(a, c)
}

// cursor opens a platform's place in one part of the licences.
func (c *changes) cursor(ctx context.Context, platform string, partition int, holdFor time.Duration) (changefeed.Cursor, error) {
	if place := c.fronts.cursor(c.ledger, platform, partition); place != nil {
		return place, nil
	}
	cursor, err := c.ledger.Cursor(ctx, journal.CursorConfig{Name: platform, Partition: partition, AckWait: holdFor})
	if err != nil {
		return nil, fmt.Errorf("open the cursor of %s: %w", platform, err)
	}
	return cursor, nil
}

func (c *changes) close() error {
	if c == nil {
		return nil
	}
	return errors.Join(c.told.now().close(), c.fronts.close())
}

// announcers asks the policies who may announce what.
type announcers struct{ engine *policies.Engine }

func (a announcers) Rank(ctx context.Context, said changefeed.Announcement) (exchange.Rank, error) {
	return a.engine.Rank(ctx, said.Reporter, said.Region, said.Aspects, said.Now)
}

// syncPurpose is why platforms are told of changes: no citizen asks, the gateway acts on a statutory duty.
func syncPurpose(c *config.Config) exchange.Purpose {
	return exchange.Purpose{
		Code: "status-sync", Matter: "status-sync", MatterName: "驾驶证状态变更同步", Case: c.Changes.Gateway, Operator: "gateway",
		Unit: c.Changes.Gateway, UnitName: c.Changes.Gateway, LegalBasis: "PIPL-13-3",
	}
}

// jitter draws evenly from 0 to below limit.
func jitter(limit time.Duration) time.Duration {
	if limit <= 0 {
		return 0
	}
	return rand.N(limit)
}
