package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"syscall"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/gateway/console/delivery"
	"github.com/zhengqiao/zhengqiao/gateway/console/draft"
	"github.com/zhengqiao/zhengqiao/gateway/console/lights"
	"github.com/zhengqiao/zhengqiao/gateway/console/nodes"
	"github.com/zhengqiao/zhengqiao/gateway/console/playground"
	"github.com/zhengqiao/zhengqiao/gateway/console/rules"
	"github.com/zhengqiao/zhengqiao/gateway/console/trail"
)

// openConsole binds the console's listener, if there is one, and leaves its serving to the app's workers.
func (a *App) openConsole(ctx context.Context) error {
	if a.config.Console.Listen == "" {
		return nil
	}
	settings, err := a.consoleConfig(ctx)
	if err != nil {
		return err
	}
	pages, err := console.New(settings)
	if err != nil {
		return err
	}
	secure, err := consoleTLS(a.config)
	if err != nil {
		return err
	}
	a.console, err = console.Listen(ctx, a.config.Console.Listen, secure, pages, a.logger)
	if errors.Is(err, syscall.EADDRINUSE) {
		return a.config.At("$.console.listen", fmt.Errorf("%w; change it, or end what uses the address", err))
	}
	if err == nil {
		a.workers = append(a.workers, a.console.Run)
	}
	return err
}

func (a *App) consoleConfig(ctx context.Context) (console.Config, error) {
	c := &a.config.Console
	settings := console.Config{
		Authority: consoleAuthority{a.policies}, Name: a.nodeName(), Way: c.Mode, Secure: c.TLS.Certificate != "", Idle: c.Idle,
		Clock: time.Now, Random: rand.Reader, Logger: a.logger, State: a.consoleState,
	}
	if c.URL != "" {
		address, err := url.Parse(c.URL)
		if err != nil {
			return settings, a.config.At("$.console.url", err)
		}
		settings.Host, settings.Secure = console.HostOf(address), address.Scheme == "https"
	}
	var err error
	if settings.Pages, err = a.consolePages(); err != nil {
		return settings, err
	}
	return settings, a.consoleAccess(ctx, &settings)
}

// consolePages are the console's pages in the order of its menu. What this gateway does not do has none.
func (a *App) consolePages() ([]console.Page, error) {
	pages := lights.Pages(a)
	if a.desk != nil {
		changes, err := delivery.Page(delivery.Config{Desk: a.desk, Recorder: a.broker.Recorder, Clock: time.Now, Random: rand.Reader})
		if err != nil {
			return nil, err
		}
		pages = append(pages, changes)
	}
	policies, err := rules.Page(consolePolicies{a.policies})
	if err != nil {
		return nil, err
	}
	records, err := trail.Page(trail.Config{Archive: consoleArchive{a}, Recorder: a.broker.Recorder, Platforms: a.platformIDs, Clock: time.Now})
	if err != nil {
		return nil, err
	}
	authoring, err := a.authoringPages()
	if err != nil {
		return nil, err
	}
	own, err := nodes.Page(consoleNodes{a})
	return append(append(append(pages, policies), authoring...), records, own), err
}

// authoringPages are those of who writes, approves and publishes policies; they share drafts.
func (a *App) authoringPages() ([]console.Page, error) {
	shop, err := a.workshop()
	if err != nil {
		return nil, err
	}
	drafts := &draft.Store{}
	trying, err := playground.Page(shop, drafts)
	if err != nil {
		return nil, err
	}
	published, err := a.publishingPage(shop, drafts)
	return []console.Page{trying, published}, err
}

// platformIDs are those of the configuration in force now.
func (a *App) platformIDs() []string {
	var ids []string
	for _, platform := range a.current.Load().config.Platforms {
		ids = append(ids, platform.ID)
	}
	return ids
}

// ConsoleURL gives the console's bound address, "" without one.
func (a *App) ConsoleURL() string {
	if a.console == nil {
		return ""
	}
	if a.config.Console.TLS.Certificate != "" {
		return "https://" + a.console.Addr().String()
	}
	return "http://" + a.console.Addr().String()
}
