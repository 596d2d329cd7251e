package app

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies/impact"
	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/policies/publish/rehearsal"
)

// bundleCounts are the metrics of coming into force.
type bundleCounts struct {
	failures *prometheus.CounterVec
	last     prometheus.Gauge
}

func newBundleCounts(registry *prometheus.Registry) (*bundleCounts, error) {
	c := &bundleCounts{
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "zhengqiao_policy_activation_failures_total",
			Help: "Policies that were to come into force here and did not, by reason; the ones in force stay."}, []string{"reason"}),
		last: prometheus.NewGauge(prometheus.GaugeOpts{Name: "zhengqiao_policy_last_activation_timestamp_seconds",
			Help: "When policies came into force on this node last, since its start."}),
	}
	for _, code := range publish.Codes() {
		c.failures.WithLabelValues(string(code)) // so that the first failure is an increase
	}
	c.last.SetToCurrentTime()
	if err := registry.Register(c.failures); err != nil {
		return nil, err
	}
	return c, registry.Register(c.last)
}

func (c *bundleCounts) failed(err error) {
	c.failures.WithLabelValues(string(publish.CodeOf(err))).Inc()
}

// reloaded counts a reload of a local folder.
func (c *bundleCounts) reloaded(err error) {
	if err != nil {
		c.failed(&publish.Refusal{Code: publish.NotInOrder, Err: err})
		return
	}
	c.last.SetToCurrentTime()
}

// Operations of records about policies.
const (
	policiesActivate = exchange.Operation("policies.activate") // by this node, after the act of a person
	acted            = "ordered"                               // outcome of a person's act
)

// actTime bounds what is written about an act.
const actTime = 5 * time.Second

// switched hears that this node switched, or could not.
func (a *App) switched(active publish.Active, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), actTime)
	defer cancel()
	record := &exchange.Record{Operation: policiesActivate, Outcome: exchange.Answered, Revision: a.policies.Revision()}
	if err != nil {
		a.activations.failed(err)
		record.Outcome, record.Revision = string(publish.CodeOf(err)), active.Revision
		a.logger.Error("policies did not come into force, the ones in force stay", "revision", active.Revision, "inForce", a.policies.Revision(), "error", err)
	} else {
		a.activations.last.SetToCurrentTime()
		a.logger.Info("policies in force", "revision", a.policies.Revision(), "author", active.Author, "approved", active.Approved, "restored", active.Restored)
	}
	if failure := a.note(ctx, record); failure != nil {
		a.logger.Error("record a change of policies", "error", failure)
	}
	if err == nil && a.bundles != nil {
		a.tellNode(ctx)
	}
}

// tellNode puts this node's revision on the board, for the table of nodes.
func (a *App) tellNode(ctx context.Context) {
	one := nodeStanding{Node: a.boardNode(), Revision: a.policies.Revision(), Since: time.Now().UTC()}
	if err := a.bundles.board.tell(ctx, one); err != nil {
		a.logger.Warn("tell which policies this node has in force", "error", err)
	}
}

func (a *App) boardNode() string {
	if node := a.config.Journal.Node(); node != "" {
		return node
	}
	return loneNode
}

// fetched hears of each attempt to publish what a source gave.
func (a *App) fetched(standing publish.Standing, err error) {
	if err == nil {
		a.logger.Info("policies fetched", "revision", standing.Active.Revision)
		return
	}
	a.activations.failed(err)
	a.logger.Error("policies of the source did not come into force", "error", err)
}

// recordAct makes a person's act durable. What was signed is sealed like a request.
func (a *App) recordAct(ctx context.Context, act publish.Act) error {
	record := &exchange.Record{
		Operation: exchange.Operation(act.Kind), Outcome: acted, Revision: act.Revision, Body: act.Order,
		Purpose: exchange.Purpose{Operator: strings.Join(act.By, ", "), MatterName: act.Reason},
	}
	return a.note(ctx, record)
}

// note gives a record its id and moment and makes it durable, whoever waits for it.
func (a *App) note(ctx context.Context, record *exchange.Record) error {
	id, err := uuid.NewRandom()
	if err != nil {
		return err
	}
	record.ID, record.Time = id.String(), time.Now().UTC()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), actTime)
	defer cancel()
	_, err = a.broker.Recorder.Record(ctx, record)
	return err
}

// recentInputs gives the inputs of the newest recorded decisions of this node.
func (a *App) recentInputs(ctx context.Context) ([]impact.Input, error) {
	return a.trail().Newest(ctx, rehearsal.MaxInputs, recordsLog(a.config))
}
