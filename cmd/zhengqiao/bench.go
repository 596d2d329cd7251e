package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/bench"
)

func benchCommand() *cobra.Command {
	var o bench.Options
	asJSON := false
	command := &cobra.Command{
		Use:   "bench",
		Short: "measure the gateway against a plain Echo reverse proxy, on loopback and in one run",
		Long: "Measures requests/s, latencies and CPU per request of (a) a plain Echo reverse proxy, (b) the gateway without signatures and\n" +
			"records and (c) the whole path, all to the same source, which replies a licence in the wire format of the traffic police's\n" +
			"platform at next to no cost. Then (a) and (c) at a fixed rate. Fails if any request fails.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error { return runBench(command, o, asJSON) },
	}
	flags := command.Flags()
	flags.StringVar(&o.Dir, "dir", "", "where a temporary folder for the journal is made; default: the system's place for such")
	flags.DurationVar(&o.Duration, "duration", 10*time.Second, "of each measurement, up to 30s")
	flags.IntVar(&o.Connections, "connections", 32, "kept connections of the load")
	flags.IntVar(&o.Rate, "rate", 1000, "requests/s of the measurement at a fixed rate")
	flags.StringVar(&o.Profile, "profile", "", "file for a CPU profile (pprof) of the gateway on the whole path")
	flags.BoolVar(&asJSON, "json", false, "write the figures as JSON")
	command.AddCommand(benchSourceCommand(), benchGatewayCommand(), benchChangesCommand(), benchLoadCommand())
	return command
}

func runBench(command *cobra.Command, o bench.Options, asJSON bool) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	o.Self = []string{program, "bench"}
	o.Progress = func(format string, args ...any) { fmt.Fprintf(command.ErrOrStderr(), format+"\n", args...) }
	report, err := bench.Run(command.Context(), o)
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	if asJSON {
		return report.JSON(command.OutOrStdout())
	}
	return report.Table(command.OutOrStdout())
}

// benchSourceCommand is a child of bench.
func benchSourceCommand() *cobra.Command {
	var s bench.Source
	command := &cobra.Command{Use: "source", Hidden: true, Args: cobra.NoArgs, RunE: func(command *cobra.Command, _ []string) error {
		s.In, s.Out = os.Stdin, os.Stdout
		return s.Run(command.Context())
	}}
	command.Flags().StringVar(&s.Dir, "dir", "", "folder to prepare")
	return command
}

// benchGatewayCommand is the child of bench that is measured.
func benchGatewayCommand() *cobra.Command {
	var g bench.Gateway
	command := &cobra.Command{Use: "gateway", Hidden: true, Args: cobra.NoArgs, RunE: func(command *cobra.Command, _ []string) error {
		g.In, g.Out = os.Stdin, os.Stdout
		useHeap() // as serve does
		return g.Run(command.Context())
	}}
	flags := command.Flags()
	flags.StringVar((*string)(&g.Mode), "mode", "", "proxy, bare or whole")
	flags.StringVar(&g.Dir, "dir", "", "folder that the source prepared")
	flags.StringVar(&g.Source, "source", "", "the source's URL")
	flags.StringVar(&g.Profile, "profile", "", "file for a CPU profile")
	return command
}
