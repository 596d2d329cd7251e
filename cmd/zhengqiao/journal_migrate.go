package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

func journalMigrateCommand(path *string) *cobra.Command {
	from := ""
	command := &cobra.Command{
		Use:   "migrate --from DIR",
		Short: "copy the journal of a stopped gateway into the configured one, and verify it",
		Long: "Copies every log, ledger, state and cursor of the folder DIR into the journal that the configuration names, and compares both.\n" +
			"Record indexes, revisions and cursor places stay. The gateway on DIR must be stopped, the target must be empty. After an\n" +
			"interruption run it again: it goes on where it was. DIR is not changed.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			source, err := openSource(command.Context(), from)
			if err != nil {
				return err
			}
			return errors.Join(withJournal(command, *path, func(ctx context.Context, to *journal.Journal) error {
				return migrateJournal(ctx, command, source, to)
			}), closeInTime(source))
		},
	}
	command.Flags().StringVar(&from, "from", "", "folder of the journal to move (required)")
	_ = command.MarkFlagRequired("from")
	return command
}

// openSource opens the journal that is moved. It comes first: while a gateway runs on it there is nothing to wait for.
func openSource(ctx context.Context, dir string) (*journal.Journal, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("--from: %w", err) // opening would make the folder
	}
	from, err := journal.Open(ctx, journal.Config{Dir: dir}, slog.New(slog.DiscardHandler))
	if errors.Is(err, journal.ErrLocked) {
		return nil, fmt.Errorf("%w: stop the gateway that runs on it", err)
	}
	if err != nil {
		return nil, fmt.Errorf("--from: %w", err)
	}
	return from, nil
}

func migrateJournal(ctx context.Context, command *cobra.Command, from, to *journal.Journal) error {
	progress := &progressLines{out: command.ErrOrStderr()}
	report, err := (&journal.Migration{From: from, To: to, Progress: progress.tell}).Run(ctx)
	if errors.Is(err, journal.ErrNotEmpty) {
		return fmt.Errorf("%w; a gateway has used it: migrate before serve is started, into new folders", err)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(command.OutOrStdout(), "moved and verified: %s\n", amount(report))
	return nil
}

// progressLines writes a line when a part begins, when it is done, and now and then between.
type progressLines struct {
	out  io.Writer
	last journal.MigrationStep
	at   time.Time
}

const progressEvery = 2 * time.Second

func (p *progressLines) tell(step journal.MigrationStep) {
	sameAs := step.Part == p.last.Part && step.Doing == p.last.Doing
	if sameAs && step.Done < step.Total && time.Since(p.at) < progressEvery {
		return
	}
	p.last, p.at = step, time.Now()
	fmt.Fprintf(p.out, "%s %s: %d of %d messages\n", step.Doing, step.Part, step.Done, step.Total)
}
