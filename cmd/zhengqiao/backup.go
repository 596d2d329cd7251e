package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/backup"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

func backupCommand() *cobra.Command {
	var o operatorOptions
	var to, reason string
	command := &cobra.Command{
		Use:   "backup",
		Short: "copy the journal into a backup and compare both, or bring an older backup up to date",
		Long: "Without --as: copies the journal of a gateway that is stopped, or of a cluster while it runs, into the folder --to.\n" +
			"With --as: a running gateway copies its own journal into its journal.backup, as this operator orders, and the progress is shown.\n\n" +
			"The backup holds every log, ledger, state and cursor, sealed as they are; keys and configuration are not in it.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if o.as != "" {
				return acting(&o, func(as *operator, _ []string) error { return as.backUp(reason) })(command, nil)
			}
			return backUpHere(command, o.config, to)
		},
	}
	o.flags(command)
	flag := command.PersistentFlags().Lookup("as")
	delete(flag.Annotations, cobra.BashCompOneRequiredFlag)
	flag.Usage = "the operator's id: order the running gateway to do it"
	command.Flags().StringVar(&to, "to", "", "folder of the backup; default: the configuration's journal.backup")
	command.Flags().StringVar(&reason, "reason", "", "why, for the record, in 3 to 200 characters (with --as)")
	command.MarkFlagsRequiredTogether("as", "reason")
	command.MarkFlagsMutuallyExclusive("as", "to")
	return command
}

// backUpHere copies in this process.
func backUpHere(command *cobra.Command, path, to string) error {
	settings, err := config.Load(path, os.Environ())
	if err != nil {
		return err
	}
	if to = orDefault(to, settings.Journal.Backup); to == "" {
		return errors.New("where to? name a folder by --to, or set journal.backup")
	}
	if _, err := os.Stat(settings.Journal.Dir); err != nil && settings.Journal.Node() == "" {
		return settings.At("$.journal.dir", err) // opening would make the folder
	}
	logger := slog.New(slog.NewTextHandler(command.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	from, err := app.OpenForReading(command.Context(), settings, logger)
	if errors.Is(err, journal.ErrLocked) {
		return fmt.Errorf("%w; a gateway runs on it: let it make the backup itself with --as OPERATOR --reason ..., or stop it first", err)
	}
	if err != nil {
		return config.InFile(path, err)
	}
	made, err := backup.Copy(command.Context(), from, to, backupSettings(command, logger))
	if err == nil {
		fmt.Fprintf(command.OutOrStdout(), "backed up and compared: %s, in %s\n", amount(made.Report), to)
	}
	return errors.Join(err, closeInTime(from))
}

func backupSettings(command *cobra.Command, logger *slog.Logger) backup.Settings {
	progress := &progressLines{out: command.ErrOrStderr()}
	return backup.Settings{Program: app.Version(), Clock: time.Now, Logger: logger, Progress: progress.tell}
}

func amount(r journal.MigrationReport) string {
	return fmt.Sprintf("%s, %s, %s, %s, %s", plural(r.Logs, "log"), plural(r.Partitions, "ledger partition"), plural(int(r.Messages), "message"),
		plural(r.States, "state"), plural(r.Cursors, "cursor place"))
}

// backupJob is a backup in a running gateway.
type backupJob struct {
	State, Doing, Part    string
	Done, Total, Messages uint64
}

// backUp orders a backup and shows its progress until it ends.
func (o *operator) backUp(reason string) error {
	ctx := o.command.Context()
	var now backupJob
	if err := o.post(ctx, "/backup", map[string]string{"reason": reason}, &now); err != nil {
		return err
	}
	progress := &progressLines{out: o.command.ErrOrStderr()}
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for now.State == "running" {
		if now.Part != "" {
			progress.tell(journal.MigrationStep{Doing: now.Doing, Part: now.Part, Done: now.Done, Total: now.Total})
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return errors.New("the backup goes on in the gateway")
		}
		if err := o.get(ctx, "/backup/last", &now); err != nil {
			return err
		}
	}
	if now.State != "done" {
		return fmt.Errorf("the backup %s; the gateway's log says why", now.State)
	}
	o.say("backed up and compared: %s, in the gateway's journal.backup\n", plural(int(now.Messages), "message"))
	return nil
}

func restoreCommand() *cobra.Command {
	var path, from string
	command := &cobra.Command{
		Use:   "restore --from DIR",
		Short: "copy a backup into the configured journal, which must be empty, and compare both",
		Long: "Start serve only when it says that all is compared. The backup is not changed. What the gateway did after the backup was made is\n" +
			"gone, and what was being told is told again; receivers know by licence and version. docs/backup.md says what to look at.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return withJournal(command, path, func(ctx context.Context, to *journal.Journal) error {
				logger := slog.New(slog.NewTextHandler(command.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn}))
				made, err := backup.Restore(ctx, from, to, backupSettings(command, logger))
				if errors.Is(err, journal.ErrNotEmpty) {
					return fmt.Errorf("%w; restore into a new folder: nothing is ever written over", err)
				}
				if err == nil {
					fmt.Fprintf(command.OutOrStdout(), "restored and compared: %s, as of %s\n", amount(made.Report), shortTime(made.Began))
				}
				return err
			})
		},
	}
	command.Flags().StringVar(&path, "config", "zhengqiao.yaml", "the configuration whose journal is filled")
	command.Flags().StringVar(&from, "from", "", "folder of the backup (required)")
	_ = command.MarkFlagRequired("from")
	return command
}
