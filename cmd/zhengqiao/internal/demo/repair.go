package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

// operatorID is who repairs deliveries in the tour, with the key <id>-1.
const operatorID = "demo-operator"

// repairSteps show what an operator does; `zhengqiao changes` and `zhengqiao reconcile` do the same.
func (t *tour) repairSteps() []step {
	return []step{
		{"平台拒收：通知搁置，查明原因后由值班员重发", "a platform refuses for good: the notice is parked, and an operator replays it", t.parkedAndReplayed},
		{"对账：发现平台的副本不一致，并修复", "a comparison finds a copy that went wrong, and mends it", t.divergedAndRepaired},
	}
}

// job is a job of the operators' interface.
type job struct {
	ID       string
	State    string
	Progress *struct{ Total, Delivered, Failed int }
	Report   *struct{ Diverged, Repairable, Agreeing int }
}

func (t *tour) parkedAndReplayed(ctx context.Context) (string, error) {
	faults := t.standIns.Platform("suihaoban").Faults()
	if err := faults.Set(fault.Fault{Kind: fault.Business, Code: "40004", Message: "查无此人"}); err != nil {
		return "", err
	}
	defer faults.Clear()
	pushed, err := t.announce(ctx, func(l *citizen.Licence) { l.Status = "A" })
	if err != nil {
		return "", err
	}
	selection := map[string]any{"platform": "suihaoban"}
	if err := t.until(ctx, func() (bool, error) {
		var parked struct{ Total int }
		err := t.order(ctx, "/changes/parked", selection, &parked)
		return parked.Total >= 1, err // a canary's change may be among them
	}); err != nil {
		return "", fmt.Errorf("nothing was parked: %w", err)
	}
	faults.Clear()
	var preview struct {
		Token string
		Count int
	}
	if err := t.order(ctx, "/changes/preview", selection, &preview); err != nil {
		return "", err
	}
	done, err := t.job(ctx, "/changes/replay", map[string]any{"token": preview.Token, "reason": "the platform knows the citizen now"})
	if err != nil {
		return "", err
	}
	if _, err := t.await(ctx, "suihaoban", pushed); err != nil || done.Progress == nil || done.Progress.Delivered != preview.Count {
		return "", errors.Join(err, fmt.Errorf("the replay ended %s", done.State))
	}
	return fmt.Sprintf("no-such-record, %d parked; replayed by %s: %d delivered", preview.Count, operatorID, done.Progress.Delivered), nil
}

func (t *tour) divergedAndRepaired(ctx context.Context) (string, error) {
	held, _ := t.standIns.Platform("zheliban").Told(t.personas[replacing].IDNumber)
	if err := t.spoil(ctx, "zheliban", held.Licence, "zt", "G"); err != nil {
		return "", err
	}
	reason := map[string]any{"reason": "the tour's comparison"}
	found, err := t.job(ctx, "/platforms/zheliban/reconcile", reason)
	if err != nil || found.Report == nil || found.Report.Diverged != 1 {
		return "", errors.Join(err, fmt.Errorf("the comparison found %+v", found.Report))
	}
	repair := map[string]any{"comparison": found.ID, "reason": "the copy was spoilt"}
	if _, err := t.job(ctx, "/platforms/zheliban/repair", repair); err != nil {
		return "", err
	}
	again, err := t.job(ctx, "/platforms/zheliban/reconcile", reason)
	if err != nil || again.Report == nil || again.Report.Diverged != 0 {
		return "", errors.Join(err, fmt.Errorf("after the repair the comparison found %+v", again.Report))
	}
	return fmt.Sprintf("%d licence diverged, told again; now %d agree and none diverges", found.Report.Diverged, again.Report.Agreeing), nil
}

// spoil changes a stand-in's copy behind the gateway's back.
func (t *tour) spoil(ctx context.Context, platform, licence, field, value string) error {
	body, err := json.Marshal(map[string]string{"licence": licence, "field": field, "value": value})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, t.standIns.ControlURL()+"/"+platform+"/_sim/told", bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		return fmt.Errorf("the stand-in answered %s", response.Status)
	}
	return nil
}

// job orders something and waits until it has ended.
func (t *tour) job(ctx context.Context, path string, asked any) (job, error) {
	var now job
	if err := t.order(ctx, path, asked, &now); err != nil {
		return now, err
	}
	err := t.until(ctx, func() (bool, error) {
		err := t.order(ctx, "/jobs/"+now.ID, nil, &now)
		return now.State != "running", err
	})
	return now, err
}

// order calls the operators' interface.
func (t *tour) order(ctx context.Context, path string, asked, into any) error {
	operator, err := t.client(t.gateway.OpsURL(), operatorID+"-1", t.operator)
	if err != nil {
		return err
	}
	var body []byte
	if asked != nil {
		if body, err = json.Marshal(asked); err != nil {
			return err
		}
	}
	reply, err := operator.Call(ctx, "/ops/v1"+path, body)
	if err != nil {
		return err
	}
	if !reply.OK() {
		return fmt.Errorf("%s answered %d: %.300s", path, reply.Status, reply.Body)
	}
	return json.Unmarshal(reply.Body, into)
}

// until looks again and again, until it is so or patience is over.
func (t *tour) until(ctx context.Context, so func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		if done, err := so(); done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}
