package app

import (
	"context"

	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
)

// orderReload is the operation in the record of an operator's reload.
const orderReload exchange.Operation = "operators.reload"

// ordered reloads for operators; it is a [gateway.Reloads].
type ordered struct{ *App }

// NoteReload implements [gateway.Reloads].
func (o ordered) NoteReload(ctx context.Context, order repair.Order) error {
	return o.desk.Note(ctx, order, orderReload)
}

// PreviewChanges implements [gateway.Reloads].
func (o ordered) PreviewChanges() ([]gateway.ReloadChange, error) { return shown(o.PreviewReload()) }

// ApplyChanges implements [gateway.Reloads].
func (o ordered) ApplyChanges() ([]gateway.ReloadChange, error) { return shown(o.Reload()) }

func shown(changes []config.Change, err error) ([]gateway.ReloadChange, error) {
	all := make([]gateway.ReloadChange, 0, len(changes))
	for _, change := range changes {
		all = append(all, gateway.ReloadChange(change))
	}
	return all, err
}
