package app

import (
	"context"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/watch/canary"
)

// canaryPurpose is why a synthetic licence is asked for: no citizen is behind it.
func canaryPurpose(c *config.Config, stated config.PollPurpose) exchange.Purpose {
	purpose := pollPurpose(c, &config.Poll{Purpose: stated})
	purpose.Code, purpose.MatterName, purpose.Operator = "canary", "接口可用性探测", "self" // some registers want a person: the synthetic one
	return purpose
}

// canaryPerson loads whom a canary is about. The error never repeats what the files hold.
func canaryPerson(c *config.Config, at string, p *config.CanaryPerson) (exchange.Subject, error) {
	name, err := files(c).Text(p.Name)
	if err != nil {
		return exchange.Subject{}, c.At(at+".name", err)
	}
	text, err := files(c).Text(p.IDNumber)
	if err != nil {
		return exchange.Subject{}, c.At(at+".idNumber", err)
	}
	number, err := exchange.ParseIDNumber(text, time.Now())
	if err != nil {
		return exchange.Subject{}, c.At(at+".idNumber", fmt.Errorf("the file %s: %w", p.IDNumber, err))
	}
	return exchange.Subject{Name: name, IDNumber: number}, nil
}

// newQuestion makes the canary of one source. It asks the adapter itself and not by way of the broker: there is no citizen and no
// caller whom a policy could judge, nothing of the answer leaves the gateway, and a record of each question would bury those that count.
func (s *sight) newQuestion(c *config.Config, i int, source *exchange.Source) (*canary.Question, error) {
	asked, at := &c.Canaries.Sources[i], fmt.Sprintf("$.canaries.sources[%d]", i)
	if source.Licences == nil && source.Identities == nil {
		return nil, c.At(at+".source", fmt.Errorf("source %s answers neither licence queries nor identity checks", source.ID))
	}
	person, err := canaryPerson(c, at, &asked.CanaryPerson)
	if err != nil {
		return nil, err
	}
	question := &canary.Question{
		Source: source, Identity: source.Licences == nil, Expect: asked.Expect, Every: asked.Every, Timeout: asked.Timeout, MaxAge: asked.MaxAge,
		Watcher: s.Watcher, Clock: time.Now, Request: exchange.SourceRequest{
			QueryID: "canary-" + source.ID, Caller: c.Changes.Gateway, Subject: person, Region: exchange.Region(asked.Region),
			Purpose: canaryPurpose(c, asked.Purpose), Fields: exchange.Fields(exchange.LicenceQuery),
		},
	}
	if s.counts != nil {
		question.Observe = s.counts.asked
	}
	return question, nil
}

// openCanaries leaves the canaries to the app's workers.
func (a *App) openCanaries() error {
	for i := range a.config.Canaries.Sources {
		question, err := a.sight.newQuestion(a.config, i, a.sources[a.config.Canaries.Sources[i].Source])
		if err != nil {
			return err
		}
		a.workers = append(a.workers, question.Run)
	}
	return a.openCourier()
}

// openCourier prepares the canary's changes.
func (a *App) openCourier() error {
	configured := &a.config.Canaries.Changes
	if !configured.On() {
		return nil
	}
	person, err := canaryPerson(a.config, "$.canaries.changes", &configured.CanaryPerson)
	if err != nil {
		return err
	}
	courier := &canary.Courier{
		Report: exchange.Report{
			Reporter: configured.Party(), Licence: a.broker.Pseudonyms.Pseudonym(person.IDNumber), Subject: person,
			Region: exchange.Region(configured.Region),
		},
		Accept: a.acceptCanary, Arrivals: a.sight, Every: configured.Every, Within: configured.Within, Observe: a.sight.counts.arrived,
		Clock: time.Now, Logger: a.logger, Receivers: a.changes.told.pushed,
	}
	a.sight.courier = courier
	a.workers = append(a.workers, courier.Run)
	return nil
}

// acceptCanary takes a canary's change in as any other: by policy, with a record.
func (a *App) acceptCanary(ctx context.Context, report *exchange.Report) (uint64, exchange.ReportOutcome, error) {
	accepted, err := a.changes.intake.Report(ctx, report)
	return accepted.Version, accepted.Outcome, err
}
