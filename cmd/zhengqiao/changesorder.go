package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// order is what an action sends.
type order struct {
	Token      string  `json:"token,omitempty"`
	Comparison string  `json:"comparison,omitempty"`
	Reason     string  `json:"reason"`
	PerSecond  float64 `json:"perSecond,omitempty"`
}

func changesReplayCommand(o *operatorOptions) *cobra.Command {
	var s selection
	var asked order
	var yes bool
	command := &cobra.Command{
		Use: "replay", Short: "tell again what was refused: shows it, asks, starts and watches", Args: cobra.NoArgs,
		Long: "Shows how many deliveries are selected and the first five, asks for a confirmation, and then starts the replay in the gateway and\n" +
			"shows its progress. It pauses itself at 5 % failures; --token goes on with the same ones. Ctrl-C ends the watching, not the replay.",
		RunE: acting(o, func(as *operator, _ []string) error {
			p, err := previewed(as.command.Context(), as, s, yes)
			if p == nil || err != nil {
				return err
			}
			asked.Token = p.Token
			return as.run("/changes/replay", asked)
		}),
	}
	orderFlags(command, &asked, &yes)
	command.Flags().Float64Var(&asked.PerSecond, "per-second", 10, "tries per second at most")
	s.tokenFlag(command)
	s.orders(command)
	return command
}

func changesSkipCommand(o *operatorOptions) *cobra.Command {
	var s selection
	var asked order
	var yes bool
	command := &cobra.Command{
		Use: "skip", Short: "give up what was refused: shows it, asks, and it will not be told any more", Args: cobra.NoArgs,
		RunE: acting(o, func(as *operator, _ []string) error {
			p, err := previewed(as.command.Context(), as, s, yes)
			if p == nil || err != nil {
				return err
			}
			asked.Token = p.Token
			return as.run("/changes/skip", asked)
		}),
	}
	orderFlags(command, &asked, &yes)
	s.tokenFlag(command)
	s.orders(command)
	return command
}

func orderFlags(command *cobra.Command, asked *order, yes *bool) {
	needReason(command, &asked.Reason)
	command.Flags().BoolVar(yes, "yes", false, "do not ask for a confirmation")
}

// tokenFlag is in the place of a selection.
func (s *selection) tokenFlag(command *cobra.Command) {
	command.Flags().StringVar(&s.Token, "token", "", "what is left of an earlier preview, in the place of a selection")
}

func changesJobCommand(o *operatorOptions) *cobra.Command {
	return &cobra.Command{
		Use: "job ID", Short: "watch a job that runs in the gateway, until its end", Args: cobra.ExactArgs(1),
		RunE: acting(o, func(as *operator, args []string) error { return as.watch(args[0]) }),
	}
}

func changesStopCommand(o *operatorOptions) *cobra.Command {
	var reason string
	command := &cobra.Command{
		Use: "stop ID", Short: "stop a job that runs in the gateway; what it has done stays done", Args: cobra.ExactArgs(1),
		RunE: acting(o, func(as *operator, args []string) error {
			var stopped job
			if err := as.post(as.command.Context(), "/jobs/"+args[0]+"/stop", order{Reason: reason}, &stopped); err != nil {
				return err
			}
			if stopped.State != "running" { // it had ended before
				return stopped.outcome(as)
			}
			as.say("job %s stops\n", args[0])
			return nil
		}),
	}
	needReason(command, &reason)
	return command
}

// run starts a job and watches it.
func (o *operator) run(path string, asked order) error {
	var started job
	if err := o.post(o.command.Context(), path, asked, &started); err != nil {
		return err
	}
	fmt.Fprintf(o.command.ErrOrStderr(), "%s %s runs in the gateway\n", started.Kind, started.ID)
	return o.watch(started.ID)
}
