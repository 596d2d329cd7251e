package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/changebench"
)

func benchChangesCommand() *cobra.Command {
	var o changebench.Options
	asJSON := false
	command := &cobra.Command{
		Use:   "changes",
		Short: "measure the synchronisation of changes: accepting, telling, catching up, growing",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			useHeap() // as serve does
			o.Progress = func(format string, args ...any) { fmt.Fprintf(command.ErrOrStderr(), format+"\n", args...) }
			report, err := changebench.Run(command.Context(), o)
			if err != nil {
				return fmt.Errorf("bench changes: %w", err)
			}
			if asJSON {
				return report.JSON(command.OutOrStdout())
			}
			return report.Table(command.OutOrStdout())
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.Dir, "dir", "", "where a temporary folder for the journal is made; default: the system's place for such")
	flags.IntVar(&o.Pending, "pending", 100_000, "changes that a platform catches up on")
	flags.IntVar(&o.Licences, "licences", 100_000, "grow to so many known licences and look at memory and disk; 1000000 takes some minutes; 0: don't")
	flags.DurationVar(&o.Length, "duration", 20*time.Second, "of each measurement at a fixed rate")
	flags.StringVar(&o.Profile, "profile", "", "write a CPU profile (pprof) of each measurement to this file, with .accept, .catchup1, .catchup3, .steady, .beside behind its name")
	flags.BoolVar(&asJSON, "json", false, "write the figures as JSON")
	return command
}
