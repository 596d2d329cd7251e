package app

import (
	"context"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway/console/lights"
	"github.com/zhengqiao/zhengqiao/watch"
)

// overviews gives who says how everything is.
func (a *App) overviews() lights.Watcher {
	if watched, ok := any(a).(lights.Watcher); ok {
		return watched
	}
	return unwatched{a}
}

// unwatched is the overview of a gateway in which nobody watches adapters: it claims nothing of them but how deliveries stand.
type unwatched struct{ app *App }

// Overview implements [lights.Watcher].
func (u unwatched) Overview() watch.Overview {
	a := u.app
	o := watch.Overview{At: time.Now(), Node: a.nodeName(), Revision: a.policies.Revision()}
	for _, source := range a.config.Sources {
		o.Adapters = append(o.Adapters, unseen(source.ID, source.Kind, source.Region, "source"))
	}
	waiting := u.waiting()
	for _, receiver := range a.config.Receivers {
		adapter := unseen(receiver.ID, receiver.Kind, "", "receiver")
		adapter.OldestUndelivered, adapter.Pending, adapter.Parked = waiting[receiver.ID].OldestUndelivered, waiting[receiver.ID].Pending, waiting[receiver.ID].Parked
		o.Adapters = append(o.Adapters, adapter)
	}
	return o
}

func unseen(id, kind, region, role string) watch.Adapter {
	adapter := watch.Adapter{ID: id, Kind: kind, Region: region, Roles: []string{role}, BudgetLeft: 1}
	for i, name := range []watch.LightName{watch.Configuration, watch.Reachability, watch.Freshness, watch.Contract} {
		adapter.Lights[i] = watch.Light{Name: name, Colour: watch.Grey, Why: watch.Text{Zh: "尚无观测。", En: "Nothing was observed yet."}}
	}
	return adapter
}

// waiting gives by receiver what waits for it; nothing where that can't be read.
func (u unwatched) waiting() map[string]watch.Adapter {
	found := map[string]watch.Adapter{}
	if u.app.desk == nil {
		return found
	}
	status, err := u.app.desk.Status(context.Background())
	if err != nil {
		u.app.logger.Warn("status of deliveries", "error", err)
	}
	for _, one := range status {
		found[one.Platform] = watch.Adapter{OldestUndelivered: one.Lag.Seconds(), Pending: int(one.Entries), Parked: one.Parked}
	}
	return found
}
