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
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

func journalCommand() *cobra.Command {
	path := ""
	command := &cobra.Command{
		Use:   "journal",
		Short: "grow out of one machine: move a journal into a cluster",
		Long:  "docs/cluster.md tells the move step by step.",
	}
	command.PersistentFlags().StringVar(&path, "config", "zhengqiao.yaml", "the configuration whose journal is meant")
	command.AddCommand(journalMigrateCommand(&path), journalJoinCommand(&path))
	return command
}

// journalCloses bounds the end of a command: what is under way to the disk gets there.
const journalCloses = 10 * time.Second

// withJournal opens the configured journal, uses it and closes it.
func withJournal(command *cobra.Command, path string, use func(context.Context, *journal.Journal) error) error {
	settings, err := config.Load(path, os.Environ())
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(command.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	j, err := app.OpenJournal(command.Context(), settings, logger)
	if err != nil {
		return config.InFile(path, err)
	}
	return errors.Join(use(command.Context(), j), closeInTime(j))
}

func closeInTime(j *journal.Journal) error {
	ctx, cancel := context.WithTimeout(context.Background(), journalCloses)
	defer cancel()
	return j.Close(ctx)
}

func journalJoinCommand(path *string) *cobra.Command {
	return &cobra.Command{
		Use:   "join",
		Short: "run this node of the cluster without a gateway, until it is interrupted",
		Long: "Runs the node that journal.cluster describes, so that a cluster has its majority while a journal is moved into it. It serves\n" +
			"nobody. Stop it with Ctrl-C before serve is started on the same folder.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return withJournal(command, *path, func(ctx context.Context, j *journal.Journal) error {
				if j.Node() == "" {
					return errors.New("the configuration has no journal.cluster: there is nothing to join")
				}
				fmt.Fprintln(command.OutOrStdout(), "node", j.Node(), "is part of the cluster")
				select {
				case <-ctx.Done():
					return nil
				case <-j.Failed():
					return j.Err()
				}
			})
		},
	}
}
