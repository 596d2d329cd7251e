package app

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/backup"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// backups copies the gateway's own journal when an operator says so. Copies are made by Run, one at a time.
type backups struct {
	journal  *journal.Journal
	dir      string
	program  string
	recorder exchange.Recorder
	clock    func() time.Time
	logger   *slog.Logger

	mu    sync.Mutex
	last  gateway.Backup
	asked chan struct{} // holds at most one order
}

// newBackups makes the room; nil if the configuration names no folder.
func (a *App) newBackups() *backups {
	if a.config.Journal.Backup == "" {
		return nil
	}
	return &backups{
		journal: a.journal, dir: a.config.Journal.Backup, program: Version(), recorder: a.broker.Recorder, clock: time.Now, logger: a.logger,
		last: gateway.Backup{State: gateway.BackupNone}, asked: make(chan struct{}, 1),
	}
}

// orderBackup is the operation of the order's record.
const orderBackup exchange.Operation = "operators.backup"

// backupRecordTime bounds the wait for the order's record. It outlives the request: who hung up has given the order all the same.
const backupRecordTime = 3 * time.Second

// Start implements [gateway.Backups].
func (b *backups) Start(ctx context.Context, o repair.Order) (gateway.Backup, error) {
	if running := b.Last(); running.State == gateway.BackupRunning {
		return running, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), backupRecordTime)
	defer cancel()
	_, err := b.recorder.Record(ctx, &exchange.Record{
		ID: o.ID, Time: b.clock().UTC(), Operation: orderBackup, KeyID: o.Caller.KeyID,
		Purpose: exchange.Purpose{Operator: o.By.Operator, MatterName: o.By.Reason}, Outcome: repair.Ordered,
		SignedBytes: o.Caller.SignedBytes, Signature: o.Caller.Signature, Body: o.Caller.Body,
	})
	if err != nil && exchange.CodeOf(err) != exchange.Overloaded {
		err = &exchange.Error{Code: exchange.RecordNotDurable, Err: fmt.Errorf("record the order: %w", err)}
	}
	if err != nil {
		return gateway.Backup{}, err
	}
	return b.begin(o), nil
}

// begin hands the order to Run, unless another one was faster.
func (b *backups) begin(o repair.Order) gateway.Backup {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.last.State != gateway.BackupRunning {
		b.last = gateway.Backup{State: gateway.BackupRunning, Operator: o.By.Operator, Reason: o.By.Reason, Began: b.clock().UTC()}
		b.asked <- struct{}{} // free: it is taken before the state leaves running
	}
	return b.last
}

// Last implements [gateway.Backups].
func (b *backups) Last() gateway.Backup {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.last
}

// Run makes the copies that are ordered until ctx ends. A copy that fails ends nothing but itself.
func (b *backups) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-b.asked:
			made, err := backup.Copy(ctx, b.journal, b.dir, backup.Settings{Program: b.program, Clock: b.clock, Logger: b.logger, Progress: b.tell})
			b.finish(made, err)
		}
	}
}

func (b *backups) tell(step journal.MigrationStep) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last.Doing, b.last.Part, b.last.Done, b.last.Total = step.Doing, step.Part, step.Done, step.Total
}

func (b *backups) finish(made backup.Manifest, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last.Ended, b.last.State, b.last.Messages = b.clock().UTC(), gateway.BackupDone, made.Report.Messages
	if err != nil {
		b.last.State = gateway.BackupFailed
		b.logger.Error("the backup failed", "error", err)
	}
}
