package changefeed

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

func memoryDispatcher(t *testing.T, ledger *memory, health Marks, p *platform) *Dispatcher {
	t.Helper()
	d, err := NewDispatcher(Config{
		Book: NewBook(ledger, newSealer(t), time.Now), Partitions: 1, Decider: grants{"wechat": exchange.Fields(exchange.ChangeDelivery)},
		Recorder: &recorder{}, Parking: NewParking(&memory{}, time.Now), Marks: health, Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
		Endpoints: []Endpoint{{Platform: "wechat", Receiver: p}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestReplayKeepsToItsRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ledger := &memory{}
		intake, _ := newIntake(t, ledger)
		intake.Book = NewBook(ledger, newSealer(t), time.Now)
		d := memoryDispatcher(t, ledger, marks{&memory{}}, newPlatform())
		for n := range 11 {
			r := reported(t, "police", n, 1, zt("B"))
			report(t, intake, r)
			parked := Parked{Platform: "wechat", Licence: r.Licence, Version: 1, Revision: journal.Revision(n + 1), Reason: exchange.SourceRefused}
			if err := d.cfg.Parking.park(t.Context(), parked); err != nil {
				t.Fatal(err)
			}
		}
		frozen := previewAll(t, d)
		start := time.Now()
		got, err := d.Replay(t.Context(), ReplayOrder{Token: frozen.Token, By: operator, PerSecond: 2})
		if took := time.Since(start); err != nil || got.Delivered != 11 || took != 5*time.Second {
			t.Errorf("%+v in %s, %v", got, took, err)
		}
	})
}

func previewAll(t *testing.T, d *Dispatcher) Preview {
	t.Helper()
	p, err := d.cfg.Parking.Preview(t.Context(), Selection{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestSwitchOfAnotherGateway is noticed by looking again, one's own at once.
func TestSwitchOfAnotherGateway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		health := marks{&memory{}}
		here := memoryDispatcher(t, &memory{}, health, newPlatform())
		there := memoryDispatcher(t, &memory{}, health, newPlatform())
		for name, enable := range map[string]func() error{
			"there": func() error { return there.Enable(t.Context(), "wechat", operator) },
			"here":  func() error { return here.Enable(t.Context(), "wechat", operator) },
		} {
			if err := here.Disable(t.Context(), "wechat", operator); err != nil {
				t.Fatal(err)
			}
			on := make(chan error, 1)
			go func() { on <- here.roster.find("wechat").lanes[0].switchedOn(t.Context()) }()
			synctest.Wait()
			start := time.Now()
			if err := enable(); err != nil {
				t.Fatal(err)
			}
			err := <-on
			if took := time.Since(start); err != nil || took > lookAgain || name == "here" && took != 0 {
				t.Errorf("%s: after %s, %v", name, took, err)
			}
		}
	})
}

func TestIntakeGivesUpOnEndlessConflict(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		intake, records := newIntake(t, &memory{always: journal.ErrConflict})
		_, err := intake.Report(t.Context(), reported(t, "police", 1, 1, zt("B")))
		if exchange.CodeOf(err) != exchange.Overloaded || fmt.Sprint(records.outcomes(exchange.ChangeReport)) != "[overloaded]" {
			t.Errorf("error %v, recorded %v", err, records.records)
		}
	})
}

// TestIntakeWaitsItsTurn: a caller that gives up while it waits has changed nothing.
func TestIntakeWaitsItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		intake, _ := newIntake(t, &memory{})
		leave, err := intake.turns.enter(t.Context(), licenceKey(1))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := intake.Report(ctx, reported(t, "police", 1, 1, zt("B"))); exchange.CodeOf(err) != exchange.RecordNotDurable {
			t.Errorf("error %v", err)
		}
		leave()
		if got := report(t, intake, reported(t, "police", 1, 1, zt("B"))); got.Outcome != exchange.ReportAccepted {
			t.Errorf("then %+v", got)
		}
	})
}
