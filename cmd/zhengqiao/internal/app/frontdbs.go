package app

import (
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/frontdb"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/batch"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// frontDBsState is where the journal keeps how far the work on front-end databases has come.
const frontDBsState = "frontdbs"

// fronts are the configured front-end databases, by platform id.
type fronts struct {
	tables map[string]*frontTable
	places *batch.Places
}

// openFronts builds the database of each; the error tells of each setting that is wrong, with its line. Nothing is connected to yet.
func openFronts(c *config.Config, pseudonyms exchange.Pseudonyms) (fronts, error) {
	f := fronts{tables: map[string]*frontTable{}}
	var wrong []error
	for i := range c.FrontDBs {
		table, err := openFront(c, i, pseudonyms)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		f.tables[c.FrontDBs[i].ID] = table
	}
	if wrong != nil {
		return fronts{}, errors.Join(append(wrong, f.close())...)
	}
	return f, nil
}

func openFront(c *config.Config, i int, pseudonyms exchange.Pseudonyms) (*frontTable, error) {
	configured := &c.FrontDBs[i]
	database, err := frontdb.New(configured.ID, exchange.Region(configured.Region), configured.Decode, frontDeps(c), pseudonyms)
	if err != nil {
		return nil, c.At(fmt.Sprintf("$.frontdbs[%d].settings", i), err)
	}
	return &frontTable{database, namedAspects(configured.Aspects)}, nil
}

func frontDeps(c *config.Config) outbound.Deps { return outbound.Deps{Secrets: files(c).Text} }

// MigrateFront makes or upgrades the tables of one front-end database. dsn refers to the connection string of an account that may do
// so; empty: the configured one.
func MigrateFront(ctx context.Context, c *config.Config, id, dsn string) (frontdb.Migration, error) {
	configured := c.FrontDB(id)
	if configured == nil {
		return frontdb.Migration{}, fmt.Errorf("the configuration has no front-end database %q (frontdbs)", id)
	}
	decode := func(into any) error {
		err := configured.Decode(into)
		if settings, ok := into.(*frontdb.Config); ok && dsn != "" {
			settings.DSN = dsn
		}
		return err
	}
	return frontdb.Migrate(ctx, id, decode, frontDeps(c))
}

// openPlaces opens what is kept of the work.
func (f *fronts) openPlaces(ctx context.Context, j *journal.Journal) error {
	if len(f.tables) == 0 {
		return nil
	}
	marks, err := j.State(ctx, journal.StateConfig{Name: frontDBsState})
	f.places = &batch.Places{Marks: marks, Clock: time.Now, Holder: crand.Text()}
	return err
}

// endpoints gives the platforms that are told in batches as the delivery knows them.
func (f *fronts) endpoints(c *config.Config) []changefeed.Endpoint {
	var all []changefeed.Endpoint
	for i := range c.FrontDBs {
		if d := &c.FrontDBs[i]; d.Tells() {
			all = append(all, changefeed.Endpoint{
				Platform: d.ID, Receiver: f.tables[d.ID], Purpose: syncPurpose(c), Gateway: d.Gateway, Batched: true, Timeout: time.Minute,
			})
		}
	}
	return all
}

// cursor gives the place of a platform that is told in batches; nil for any other.
func (f *fronts) cursor(ledger *journal.Ledger, platform string, partition int) changefeed.Cursor {
	if f.tables[platform] == nil {
		return nil
	}
	return f.places.Cursor(ledger, platform, partition)
}

// work gives each platform a worker.
func (f *fronts) work(a *App, c *changes) error {
	if len(f.tables) == 0 {
		return nil
	}
	counts, err := newFrontCounts(a.registry)
	if err != nil {
		return err
	}
	counts.tell = a.sight.worked
	for i := range a.config.FrontDBs {
		driver, err := f.driver(a, c, &a.config.FrontDBs[i], counts)
		if err != nil {
			return err
		}
		a.workers = append(a.workers, func(ctx context.Context) error { driver.Run(ctx); return nil })
	}
	return nil
}

func (f *fronts) driver(a *App, c *changes, d *config.FrontDB, counts *frontCounts) (*batch.Driver, error) {
	table := f.tables[d.ID]
	cfg := batch.Config{
		Platform: d.ID, Places: f.places, Clock: time.Now, Random: jitter, Logger: a.logger, Observer: counts, Outbox: table, Book: c.book,
		Ledger: c.ledger, Partitions: c.ledger.Partitions(), Inbox: table, Every: d.Every,
	}
	if d.Reads() {
		cfg.Intake = c.intake
	}
	if !d.Tells() {
		return batch.New(cfg), nil
	}
	var err error
	if cfg.Outlet, err = c.dispatcher.Outlet(d.ID); err != nil {
		return nil, err
	}
	driver := batch.New(cfg)
	return driver, counts.told(a.registry, d.ID, driver)
}

func (f *fronts) close() error {
	var problems []error
	for _, table := range f.tables {
		problems = append(problems, table.Close())
	}
	return errors.Join(problems...)
}
