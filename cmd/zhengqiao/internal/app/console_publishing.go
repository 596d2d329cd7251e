package app

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/gateway/console/draft"
	"github.com/zhengqiao/zhengqiao/gateway/console/publishing"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/watch"
)

// consolePublishing is what the pages of publication work with.
type consolePublishing struct {
	*consoleMatrix
	app  *App
	tray tray
	shop consoleWorkshop
}

// publishingPage is the page of what comes into force. Where policies need no signature it shows only what is.
func (a *App) publishingPage(shop consoleWorkshop, drafts *draft.Store) (console.Page, error) {
	c := consolePublishing{consoleMatrix: &consoleMatrix{engine: a.policies}, app: a, shop: shop}
	settings := publishing.Config{Registry: c, Drafts: drafts, Recorder: a.broker.Recorder, Clock: time.Now}
	if a.bundles != nil {
		c.tray = tray{a.bundles.board.state}
		settings.Registry, settings.Tray, settings.Acts = c, c, c
	}
	return publishing.Page(settings)
}

// Standing implements [publishing.Registry].
func (c consolePublishing) Standing(ctx context.Context) (publishing.Standing, error) {
	told := publishing.Standing{InForce: c.app.policies.Revision()}
	if c.app.bundles == nil {
		told.Revisions = []publishing.Revision{{State: publishing.Active, Revision: told.InForce, Nodes: []string{c.app.nodeName()}}}
		return told, nil
	}
	standing, err := c.app.PolicyStanding(ctx)
	if err != nil {
		return told, err
	}
	told.Signed, told.Authors = true, c.app.bundles.register.Authors()
	for _, node := range standing.Nodes {
		told.Nodes = append(told.Nodes, publishing.Node{Name: node.Node, Revision: node.Revision, Since: node.Since})
	}
	told.Revisions = c.revisions(&standing.Standing, standing.Nodes)
	if previous, ok := standing.Standing.Previous(); ok {
		told.Undo = &publishing.Step{From: standing.Standing.Active.Content, To: previous.Content, Revision: previous.Revision}
	}
	return told, nil
}

// revisions lists what is in force, what was taken back, and what steps back lead to; the newest publication first.
func (c consolePublishing) revisions(standing *publish.Standing, nodes []nodeStanding) []publishing.Revision {
	all := []publishing.Revision{shownRevision(&standing.Active, publishing.Active)}
	for i := range standing.Former {
		all = append(all, shownRevision(&standing.Former[i], publishing.Former))
	}
	for _, undone := range standing.Undone {
		one := shownRevision(&undone.Active, publishing.Undone)
		one.By, one.ByAt, one.Why = undone.By, undone.At, undone.Why
		all = append(all, one)
	}
	base := c.app.bundles.base
	for i := range all {
		named := all[i].Revision
		if all[i].Number == 0 {
			named = base
		}
		for _, node := range nodes {
			if node.Revision == named {
				all[i].Nodes = append(all[i].Nodes, node.Node)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b publishing.Revision) int { return b.Number - a.Number })
	return all
}

func shownRevision(a *publish.Active, state publishing.State) publishing.Revision {
	return publishing.Revision{
		Number: a.Number, State: state, Revision: a.Revision, Author: a.Author, Approved: a.Approved, Since: a.Since, Note: a.Note, Widens: a.Widens,
		By: a.Restored, ByAt: a.Since, Why: a.Reason,
	}
}

// Base implements [publishing.Registry]. The policies that the gateway starts with nobody signed; what is compared with needs no signature.
func (c consolePublishing) Base(ctx context.Context) ([]byte, error) {
	files, packed, err := c.app.bundles.publisher.InForce(ctx)
	if err != nil || packed != nil {
		return packed, err
	}
	statement := publish.NewStatement(files, smcrypto.NewSM3, "gateway", "", "what the gateway starts with", time.Now())
	b, err := publish.Pack(files, statement, smcrypto.NewSM3)
	if err != nil {
		return nil, err
	}
	return b.Encode()
}

// Candidates implements [publishing.Tray].
func (c consolePublishing) Candidates(ctx context.Context) ([]publishing.Candidate, error) {
	all, _, err := c.tray.list(ctx)
	if err != nil {
		return nil, err
	}
	var told []publishing.Candidate
	for _, one := range all {
		b, _, err := c.tray.open(ctx, one)
		switch {
		case exchange.CodeOf(err) == exchange.NotFound: // listed just now
		case err != nil:
			return nil, err
		default:
			told = append(told, shownCandidate(one, b))
		}
	}
	return told, nil
}

func shownCandidate(one trayed, b *publish.Bundle) publishing.Candidate {
	s := &b.Statement
	return publishing.Candidate{
		ID: one.ID, Revision: s.Revision, Base: s.Base, Author: s.Author, Note: s.Note, Packed: s.Packed, By: one.By, Tests: s.Trial.Tests,
		Coverage: s.Trial.Coverage, Widens: s.Trial.Widens, Gains: s.Trial.Gains, Signed: b.SignedByAuthor(), Approved: b.Approvers(),
		Need: publish.Need(s.Trial.Widens),
	}
}

// Candidate implements [publishing.Tray].
func (c consolePublishing) Candidate(ctx context.Context, id string) (publishing.Candidate, []byte, error) {
	one, err := c.tray.find(ctx, id)
	if err != nil {
		return publishing.Candidate{}, nil, err
	}
	b, value, err := c.tray.open(ctx, one)
	if err != nil {
		return publishing.Candidate{}, nil, err
	}
	told := shownCandidate(one, b)
	inForce, _, err := c.app.bundles.publisher.InForce(ctx)
	if err != nil {
		return publishing.Candidate{}, nil, err
	}
	told.Changed = b.Files.Differing(inForce)
	report, err := c.tray.report(ctx, one)
	if err == nil && len(report) > 0 {
		told.Impact = &draft.Impact{}
		err = json.Unmarshal(report, told.Impact)
	}
	return told, value.Data, err
}

// Drop implements [publishing.Tray].
func (c consolePublishing) Drop(ctx context.Context, id string) error { return c.tray.drop(ctx, id) }

// refusedText tells a refusal to people.
func refusedText(refusal *publish.Refusal) watch.Text {
	text := refusal.Text()
	return watch.Text{Zh: text.ZH, En: text.EN}
}
