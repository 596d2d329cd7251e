package gateway_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
)

// reloadsDone notes what was done, in order.
type reloadsDone struct {
	done        []string
	note, apply error
}

func (r *reloadsDone) PreviewChanges() ([]gateway.ReloadChange, error) {
	r.done = append(r.done, "preview")
	return []gateway.ReloadChange{{Kind: "added", Section: "platforms", ID: "suihaoban"}}, r.apply
}

func (r *reloadsDone) NoteReload(_ context.Context, order repair.Order) error {
	r.done = append(r.done, "note of "+order.By.Operator+": "+order.By.Reason)
	return r.note
}

func (r *reloadsDone) ApplyChanges() ([]gateway.ReloadChange, error) {
	r.done = append(r.done, "apply")
	return nil, r.apply
}

func withReloads(reloads gateway.Reloads) func(*gateway.OperatorsDeps) {
	return func(deps *gateway.OperatorsDeps) { deps.Reloads = reloads }
}

// A reload is on record before it has any effect; a preview has none; what is wrong with the file is told, and is no failure of the call.
func TestOperatorsReload(t *testing.T) {
	t.Parallel()
	const path, order = "/ops/v1/reload", `{"reason":"a new key"}`
	refused := errors.New("line 7: platforms[0].keys: none")
	long := strings.Repeat("密", 16<<10/3) // 16383 bytes, so that a bound of 16384 cuts the next character
	for name, c := range map[string]struct {
		reloads *reloadsDone // nil: none
		as      string
		body    string
		status  int
		want    map[string]any
		done    []string
	}{
		"preview":              {&reloadsDone{}, "li", `{"preview":true}`, 200, map[string]any{"applied": false}, []string{"preview"}},
		"preview of faults":    {&reloadsDone{apply: refused}, "li", `{"preview":true}`, 200, map[string]any{"applied": false, "fault": refused.Error()}, []string{"preview"}},
		"apply":                {&reloadsDone{}, "li", order, 200, map[string]any{"applied": true}, []string{"note of li: a new key", "apply"}},
		"apply faults":         {&reloadsDone{apply: refused}, "li", order, 200, map[string]any{"applied": false, "fault": refused.Error()}, []string{"note of li: a new key", "apply"}},
		"a fault of any bytes": {&reloadsDone{apply: errors.New("line 7: \xff\xfe?")}, "li", order, 200, map[string]any{"applied": false, "fault": "line 7: ?"}, []string{"note of li: a new key", "apply"}},
		"a long fault":         {&reloadsDone{apply: errors.New(long + "钥")}, "li", order, 200, map[string]any{"applied": false, "fault": long}, []string{"note of li: a new key", "apply"}},
		"not on record":        {&reloadsDone{note: &exchange.Error{Code: exchange.Internal}}, "li", order, 500, map[string]any{"code": "internal"}, []string{"note of li: a new key"}},
		"no reason":            {&reloadsDone{}, "li", `{}`, 422, map[string]any{"code": "invalid-request"}, nil},
		"unknown member":       {&reloadsDone{}, "li", `{"preview":true,"force":true}`, 422, map[string]any{"code": "invalid-request"}, nil},
		"stranger":             {&reloadsDone{}, "stranger", order, 401, map[string]any{"code": "unknown-platform"}, nil},
		"nothing to reload":    {nil, "li", order, 422, map[string]any{"code": "operation-not-offered"}, nil},
	} {
		var change []func(*gateway.OperatorsDeps)
		if c.reloads != nil {
			change = append(change, withReloads(c.reloads))
		}
		status, got := newOpsRig(t, change...).send(t, c.as, "POST", path, c.body)
		if c.reloads != nil && !slices.Equal(c.reloads.done, c.done) {
			t.Errorf("%s: done was %q, want %q", name, c.reloads.done, c.done)
		}
		if status != c.status {
			t.Errorf("%s: status %d, want %d: %v", name, status, c.status, got)
		}
		for member, want := range c.want {
			if got[member] != want {
				t.Errorf("%s: %s is %v, want %v", name, member, got[member], want)
			}
		}
	}
}
