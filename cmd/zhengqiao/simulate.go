package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

func simulateCommand() *cobra.Command {
	var o demo.StandInOptions
	command := &cobra.Command{
		Use:   "simulate PLATFORM",
		Short: "run one platform's stand-in alone, with its fault switches",
		Long: "Runs a stand-in that speaks the platform's real wire format: " + strings.Join(demo.StandInKinds(), ", ") + ".\n" +
			"Its credentials are those of the demo's folder, made if they are not there; it prints what a configuration needs to ask it.\n" +
			"Faults are set over its control address, which lists the test citizens too (CONTROL/_sim/personas):\n" +
			"  curl -d '{\"kind\":\"delay\",\"duration\":\"2s\"}' CONTROL/PLATFORM/_sim/faults\n" +
			"Kinds: " + fault.Names() + ".\n" +
			"delay, drip, stale and clock_skew need a duration, business a code; operation and times narrow any of them.",
		Args:      cobra.ExactArgs(1),
		ValidArgs: demo.StandInKinds(),
		RunE: func(command *cobra.Command, args []string) error {
			o.Kind = args[0]
			running, err := demo.StartStandIn(o)
			if err != nil {
				return err
			}
			fmt.Fprintf(command.OutOrStdout(), "%s at %s, its switches at %s; Ctrl-C ends it\n", o.Kind, running.URL(o.Kind), demo.Switches(running.Running, o.Kind))
			part(command.OutOrStdout(), "A configuration asks it by\n\nsources:\n", running.Sources)
			part(command.OutOrStdout(), "A configuration tells it of changes by\n\nreceivers:\n", running.Receivers)
			<-command.Context().Done()
			return running.Close()
		},
	}
	command.Flags().StringVar(&o.Dir, "dir", "zhengqiao-demo", "folder with the credentials")
	command.Flags().StringVar(&o.Listen, "listen", "", "address; default: any free port of loopback")
	command.Flags().StringVar(&o.Control, "control", "", "loopback address of the switches; default: any free port")
	return command
}

// part prints a part of a configuration, if there is one.
func part(out io.Writer, title, text string) {
	if text != "" {
		fmt.Fprintf(out, "\n%s%s", title, text)
	}
}
