package app

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway/console/playground"
	"github.com/zhengqiao/zhengqiao/gateway/console/publishing"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/watch"
)

// Propose implements [publishing.Acts]: the steps of `policy pack`, but the signature.
func (c consolePublishing) Propose(ctx context.Context, p publishing.Proposal) (string, error) {
	before, _, err := c.app.bundles.publisher.InForce(ctx)
	if err != nil {
		return "", err
	}
	candidate := maps.Clone(before)
	for path, text := range p.Draft.Files {
		candidate[path] = []byte(text)
	}
	statement := publish.NewStatement(candidate, smcrypto.NewSM3, p.Author, before.Revision(smcrypto.NewSM3), p.Note, time.Now())
	verdict, err := c.app.bundles.stage.Rehearse(ctx, before, candidate)
	if err != nil {
		return "", refusedAs(err)
	}
	statement.Trial = verdict.Trial
	report, widens, err := c.impact(ctx, before, candidate)
	if err != nil {
		return "", refusedAs(err)
	}
	digest := smcrypto.SM3(report)
	statement.Impact = &publish.Impact{Report: hex.EncodeToString(digest[:]), Widens: widens}
	b, err := publish.Pack(candidate, statement, smcrypto.NewSM3)
	if err != nil {
		return "", refusedAs(err)
	}
	one, err := c.tray.put(ctx, b, p.By, report, time.Now())
	return one.ID, refusedAs(err)
}

// impact replays recorded decisions.
func (c consolePublishing) impact(ctx context.Context, before, candidate publish.Files) (report []byte, widens bool, err error) {
	answer, err := c.shop.try(ctx, before, candidate, playground.Change{What: playground.OfRecord})
	var o struct {
		Findings []playground.Finding
		Fault    *playground.Fault
		Impact   json.RawMessage
	}
	if err == nil {
		err = json.Unmarshal(answer, &o)
	}
	switch {
	case err != nil:
		return nil, false, err
	case o.Impact == nil:
		return nil, false, &publish.Refusal{Code: publish.NotInOrder, Err: fmt.Errorf("recorded decisions could not be replayed: %v %v", o.Findings, o.Fault)}
	}
	var read struct{ Widens bool }
	err = json.Unmarshal(o.Impact, &read)
	return o.Impact, read.Widens, err
}

// Take implements [publishing.Acts].
func (c consolePublishing) Take(ctx context.Context, id string, role publishing.Role, packed []byte) (publishing.Candidate, error) {
	b, err := publish.Read(bytes.NewReader(packed), smcrypto.NewSM3)
	if err != nil {
		return publishing.Candidate{}, refusedAs(err)
	}
	if id != "" {
		return c.countersign(ctx, id, publish.Role(role), b)
	}
	if err := b.VerifySignatures(c.app.bundles.register, time.Now()); err != nil {
		return publishing.Candidate{}, refusedAs(err)
	}
	if !b.SignedByAuthor() {
		return publishing.Candidate{}, refusedAs(&publish.Refusal{Code: publish.Unsigned, Err: errors.New("its author has not signed it")})
	}
	before, _, err := c.app.bundles.publisher.InForce(ctx)
	if err != nil {
		return publishing.Candidate{}, err
	}
	report, _, err := c.impact(ctx, before, b.Files)
	if err != nil {
		return publishing.Candidate{}, refusedAs(err)
	}
	one, err := c.tray.put(ctx, b, b.Statement.Author, report, time.Now())
	return shownCandidate(one, b), refusedAs(err)
}

// countersign takes signatures over from a copy of a candidate. Two people who bring theirs at once both count.
func (c consolePublishing) countersign(ctx context.Context, id string, role publish.Role, copied *publish.Bundle) (publishing.Candidate, error) {
	one, err := c.tray.find(ctx, id)
	if err != nil {
		return publishing.Candidate{}, err
	}
	for range attempts {
		var b *publish.Bundle
		if b, err = c.joined(ctx, one, role, copied); !errors.Is(err, journal.ErrConflict) {
			if err != nil {
				return publishing.Candidate{}, refusedAs(err)
			}
			return shownCandidate(one, b), nil
		}
	}
	return publishing.Candidate{}, err
}

func (c consolePublishing) joined(ctx context.Context, one trayed, role publish.Role, copied *publish.Bundle) (*publish.Bundle, error) {
	b, value, err := c.tray.open(ctx, one)
	if err != nil {
		return nil, err
	}
	added, err := b.Join(copied, c.app.bundles.register, time.Now())
	switch {
	case err != nil:
		return nil, err
	case len(added) == 0:
		return nil, &publish.Refusal{Code: publish.Unsigned, Err: errors.New("there is no signature in it that is not here already")}
	case slices.ContainsFunc(added, func(s publish.Signature) bool { return s.Role != role }):
		return nil, &publish.Refusal{Code: publish.UnknownSigner, Err: fmt.Errorf("only signatures as %s are taken here", role)}
	}
	packed, err := b.Encode()
	if err == nil {
		_, err = c.tray.state.Put(ctx, one.Slot, packed, value.Revision)
	}
	return b, err
}

// Publish implements [publishing.Effects]. A candidate that is in force is none any more; that it is still listed would harm nobody.
func (c consolePublishing) Publish(ctx context.Context, id string) error {
	one, err := c.tray.find(ctx, id)
	if err != nil {
		return err
	}
	_, value, err := c.tray.open(ctx, one)
	if err != nil {
		return err
	}
	if _, err := c.app.bundles.publisher.Publish(ctx, value.Data); err != nil {
		c.app.activations.failed(err)
		return refusedAs(err)
	}
	if err := c.tray.drop(ctx, id); err != nil {
		c.app.logger.Warn("take a published candidate off the list", "error", err)
	}
	return nil
}

// Rollback implements [publishing.Effects].
func (c consolePublishing) Rollback(ctx context.Context, order []byte) error {
	_, err := c.app.bundles.publisher.Rollback(ctx, order)
	if err != nil {
		c.app.activations.failed(err)
	}
	return refusedAs(err)
}

// refusedAs gives a refusal the form that pages show.
func refusedAs(err error) error {
	switch refusal, ok := errors.AsType[*publish.Refusal](err); {
	case errors.Is(err, errTrayFull):
		return &publishing.Refusal{Code: "full", Text: watch.Text{Zh: "已有六个候选，请先发布或撤下一个。", En: "There are six candidates already. Publish one or take one away first."}}
	case errors.Is(err, playground.ErrExhausted) && !ok:
		return refusedAs(&publish.Refusal{Code: publish.Exhausted, Err: err})
	case ok:
		return &publishing.Refusal{Code: string(refusal.Code), Text: refusedText(refusal), Detail: strings.Split(refusal.Err.Error(), "\n")}
	}
	return err
}
