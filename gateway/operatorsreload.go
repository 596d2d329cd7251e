package gateway

import (
	"context"
	"net/http"
	"strings"

	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Reloads put the configuration on the disk in force; see [ReloadChange].
type Reloads interface {
	// PreviewChanges gives what a reload would change, and changes nothing.
	PreviewChanges() ([]ReloadChange, error)
	// NoteReload records the order, before it has any effect. Its errors are those of [exchange.Recorder].
	NoteReload(context.Context, repair.Order) error
	// ApplyChanges reloads and gives what changed. After an error all is as it was.
	ApplyChanges() ([]ReloadChange, error)
}

// ReloadChange is one difference between what is in force and what the file says. It shows no text that stands in the file.
type ReloadChange struct {
	Kind    string   `json:"kind"` // added, removed or changed
	Section string   `json:"section"`
	ID      string   `json:"id,omitempty"`
	Keys    []string `json:"keys,omitempty"`
	Restart bool     `json:"restart,omitempty"` // it comes into force with the next start only
}

// reloadView is the answer of a reload. Faults are for the operators' eyes: they name files, lines and keys, and no value that is a secret.
type reloadView struct {
	Applied bool           `json:"applied"`
	Changes []ReloadChange `json:"changes"`
	Fault   string         `json:"fault,omitempty"`
}

// maxFault bounds the text of a refusal; the log has the whole.
const maxFault = 16 << 10

func (o *Operators) reload(ctx context.Context, v *operatorVisit) (outcome, error) {
	var given struct {
		Preview bool   `json:"preview"`
		Reason  string `json:"reason"`
	}
	if err := v.read(&given); err != nil {
		return outcome{}, err
	}
	if o.deps.Reloads == nil {
		return outcome{}, &exchange.Error{Code: exchange.OperationNotOffered}
	}
	if given.Preview {
		return reloaded(false)(o.deps.Reloads.PreviewChanges())
	}
	order, err := v.order(given.Reason)
	if err != nil {
		return outcome{}, err
	}
	if err := o.deps.Reloads.NoteReload(ctx, order); err != nil {
		return outcome{}, err
	}
	return reloaded(true)(o.deps.Reloads.ApplyChanges())
}

// reloaded makes the answer. A configuration that is refused is an answer: the request was right, the file is not.
func reloaded(apply bool) func([]ReloadChange, error) (outcome, error) {
	return func(changes []ReloadChange, err error) (outcome, error) {
		view := reloadView{Applied: apply && err == nil, Changes: changes}
		if view.Changes == nil {
			view.Changes = []ReloadChange{}
		}
		if err != nil {
			text := err.Error()
			view.Fault = strings.ToValidUTF8(text[:min(len(text), maxFault)], "") // a character may be cut; a file may hold any bytes
		}
		return outcome{http.StatusOK, view}, nil
	}
}
