package gateway

import (
	"context"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Backups copies the journal of a running gateway, one copy at a time.
type Backups interface {
	// Start records the order and begins, or gives the copy that is under way. Errors: those of a record.
	Start(context.Context, repair.Order) (Backup, error)
	// Last gives the newest copy since the start of the gateway.
	Last() Backup
}

// BackupState is how a copy stands.
type BackupState string

// The states.
const (
	BackupNone    BackupState = "none" // none since the gateway started
	BackupRunning BackupState = "running"
	BackupDone    BackupState = "done"
	BackupFailed  BackupState = "failed" // the gateway's log says why
)

// Backup is one copy of the journal, as it stood at one moment.
type Backup struct {
	State    BackupState `json:"state"`
	Operator string      `json:"operator,omitempty"`
	Reason   string      `json:"reason,omitempty"`
	Began    time.Time   `json:"began,omitzero"`
	Ended    time.Time   `json:"ended,omitzero"`
	Doing    string      `json:"doing,omitempty"` // copy or verify
	Part     string      `json:"part,omitempty"`  // the stream of messages under way
	Done     uint64      `json:"done"`            // messages of the part
	Total    uint64      `json:"total"`
	Messages uint64      `json:"messages,omitempty"` // of all logs and ledgers, when it is done
}

func (o *Operators) startBackup(ctx context.Context, v *operatorVisit) (outcome, error) {
	_, order, err := orderOf(v)
	if err != nil {
		return outcome{}, err
	}
	if o.deps.Backups == nil {
		return outcome{}, noBackups()
	}
	backup, err := o.deps.Backups.Start(ctx, order)
	return outcome{http.StatusAccepted, backup}, err
}

func (o *Operators) getBackup(context.Context, *operatorVisit) (outcome, error) {
	if o.deps.Backups == nil {
		return outcome{}, noBackups()
	}
	return outcome{http.StatusOK, o.deps.Backups.Last()}, nil
}

func noBackups() error {
	return exchange.Errorf(exchange.NotFound, "the configuration has no journal.backup: nobody said where a backup goes")
}
