package app

import (
	"context"
	"encoding/json"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/gateway/console/nodes"
	"github.com/zhengqiao/zhengqiao/gateway/console/rules"
	"github.com/zhengqiao/zhengqiao/gateway/console/trail"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/watch"
)

// nodeName is what this gateway is called on the console.
func (a *App) nodeName() string {
	for _, name := range []string{a.config.Journal.Node(), a.config.Changes.Gateway, a.config.Gateway.KeyID} {
		if name != "" {
			return name
		}
	}
	return ""
}

// consoleState changes when what pages show has changed.
func (a *App) consoleState(context.Context) string {
	overview := a.Overview()
	overview.At = time.Time{}
	text, err := json.Marshal(overview)
	if err != nil {
		return err.Error()
	}
	if a.desk != nil {
		jobs, _ := json.Marshal(a.desk.Jobs()) // progress as plain numbers; it always encodes
		text = append(text, jobs...)
	}
	return evidence.DigestHex(text)
}

type consolePolicies struct{ engine *policies.Engine }

// About implements [rules.Policies].
func (c consolePolicies) About() rules.About {
	from := c.engine.About()
	about := rules.About{Revision: from.Revision, Reasons: map[string]watch.Text{}}
	for _, chapter := range from.Chapters {
		about.Chapters = append(about.Chapters, rules.Chapter(chapter))
	}
	for code, text := range from.Reasons {
		about.Reasons[code] = watch.Text{Zh: text.ZH, En: text.EN}
	}
	return about
}

type consoleArchive struct{ app *App }

// Logs implements [trail.Archive].
func (c consoleArchive) Logs(ctx context.Context) ([]string, error) {
	own := recordsLog(c.app.config)
	all, err := recordLogs(ctx, c.app.journal)
	logs := []string{own}
	for _, log := range all {
		if log != own {
			logs = append(logs, log)
		}
	}
	return logs, err
}

// Open implements [trail.Archive].
func (c consoleArchive) Open(ctx context.Context, log string) (trail.Trail, error) {
	reader, err := c.app.journal.LogReader(ctx, log)
	if err != nil {
		return nil, err
	}
	return consoleTrail{reader}, nil
}

type consoleTrail struct{ log *journal.LogReader }

// Head implements [trail.Trail].
func (c consoleTrail) Head() uint64 { return c.log.Head() }

// Scan implements [trail.Trail].
func (c consoleTrail) Scan(ctx context.Context, from uint64, visit func(uint64, *evidence.Entry) error) error {
	return c.log.Scan(ctx, from, func(position journal.Position, record journal.Record) error {
		entry, err := evidence.DecodeEntry(record.Data)
		if err != nil {
			return err
		}
		return visit(position.Index, &entry)
	})
}

type consoleNodes struct{ app *App }

// probeTime bounds a write by which a page asks whether the journal works.
const probeTime = time.Second

// Nodes implements [nodes.Lister].
func (c consoleNodes) Nodes(ctx context.Context) []nodes.Node {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	a := c.app
	here := nodes.Node{
		Name: a.nodeName(), Here: true, Version: Version(), Started: a.started, Revision: a.policies.Revision(), Journal: journalOf(a.config),
	}
	here.Journal.State = watch.Green
	if err := a.journal.Ready(ctx); err != nil {
		here.Journal.State, here.Journal.Fault = watch.Red, err.Error()
	}
	all := []nodes.Node{here}
	for _, route := range a.config.Journal.Cluster.Routes {
		if route != a.config.Journal.Cluster.Listen && route != a.config.Journal.Cluster.Advertise {
			all = append(all, nodes.Node{Address: route})
		}
	}
	return all
}

func journalOf(c *config.Config) nodes.Journal {
	kept := nodes.Journal{Kind: "embedded", Log: recordsLog(c), Copies: 1}
	switch {
	case len(c.Journal.Remote.URLs) > 0:
		kept.Kind, kept.Copies = "remote", c.Journal.Remote.Replicas
	case c.Journal.Cluster.Name != "":
		kept.Kind, kept.Copies = "cluster", c.Journal.Cluster.Replicas
	}
	return kept
}
