package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/loadbench"
)

func benchLoadCommand() *cobra.Command {
	var o loadbench.Options
	asJSON := false
	command := &cobra.Command{
		Use:   "load",
		Short: "measure what steady platforms notice of one that asks ten times its quota and of a source that takes 2 s",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			program, err := os.Executable()
			if err != nil {
				return err
			}
			o.Self = []string{program, "bench"}
			o.Progress = func(format string, args ...any) { fmt.Fprintf(command.ErrOrStderr(), format+"\n", args...) }
			report, err := loadbench.Run(command.Context(), o)
			if err != nil {
				return fmt.Errorf("bench load: %w", err)
			}
			if asJSON {
				return report.JSON(command.OutOrStdout())
			}
			return report.Table(command.OutOrStdout())
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.Dir, "dir", "", "where a temporary folder for the journal is made; default: the system's place for such")
	flags.DurationVar(&o.Duration, "duration", 30*time.Second, "of the measurement without the two, and of the one beside them, over all rounds; up to 1m")
	flags.IntVar(&o.Rounds, "rounds", 3, "rounds in which the two measurements take turns")
	flags.IntVar(&o.Rate, "rate", 50, "requests/s of each steady platform, and to the slow source")
	flags.IntVar(&o.Quota, "quota", 20, "requests/s that the greedy platform may ask; it asks ten times as many")
	flags.BoolVar(&asJSON, "json", false, "write the figures as JSON")
	return command
}
