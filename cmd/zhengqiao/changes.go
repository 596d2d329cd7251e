package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

func changesCommand() *cobra.Command {
	var o operatorOptions
	command := &cobra.Command{
		Use:   "changes",
		Short: "see how deliveries of changes stand in a running gateway, and repair them as an operator",
		Long: "Talks to the operators' address of a running gateway, signed with the operator's key. Each action needs a reason, which is\n" +
			"recorded with the operator before it takes effect.\n\n" +
			"Exit code 0: done; 3: the answer is not provably the gateway's; 4: the gateway answered with a problem; 6: not done whole (paused,\n" +
			"stopped, or some failed).",
	}
	o.flags(command)
	command.AddCommand(changesStatusCommand(&o), changesParkedCommand(&o), changesReplayCommand(&o), changesSkipCommand(&o),
		changesSwitchCommand(&o, "enable", "tell a platform again; what waited is delivered"),
		changesSwitchCommand(&o, "disable", "tell a platform nothing more; changes wait for it"),
		changesJobCommand(&o), changesStopCommand(&o))
	return command
}

// acting opens the operator for one command and prints JSON at the end, also beside an error that came after an answer.
func acting(o *operatorOptions, act func(*operator, []string) error) func(*cobra.Command, []string) error {
	return func(command *cobra.Command, args []string) error {
		acting, err := o.open(command)
		if err != nil {
			return err
		}
		err = act(acting, args)
		acting.finish()
		return err
	}
}

// platformStatus is one line of the status.
type platformStatus struct {
	Platform    string
	Pending     uint64
	LagSeconds  float64
	Aside       int
	Parked      int
	Off         bool
	SwitchedBy  string
	Reason      string
	LastSuccess time.Time
	Compared    time.Time
	Diverged    *int
}

func changesStatusCommand(o *operatorOptions) *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "show backlog, lag, parked deliveries and divergence of each receiving platform", Args: cobra.NoArgs,
		RunE: acting(o, func(as *operator, _ []string) error {
			var status struct{ Platforms []platformStatus }
			if err := as.get(as.command.Context(), "/changes/status", &status); err != nil {
				return err
			}
			if !as.json {
				showStatus(as, status.Platforms)
			}
			return nil
		}),
	}
}

func showStatus(as *operator, platforms []platformStatus) {
	table := tabwriter.NewWriter(as.command.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PLATFORM\tSTATE\tPENDING\tLAG\tAPART\tPARKED\tLAST SUCCESS\tDIVERGED")
	for _, p := range platforms {
		state, diverged := "on", "not compared"
		if p.Off {
			state = "off by " + orDefault(p.SwitchedBy, "the gateway") + ": " + p.Reason
		}
		if p.Diverged != nil {
			diverged = fmt.Sprintf("%d (%s)", *p.Diverged, shortTime(p.Compared))
		}
		lag := time.Duration(p.LagSeconds * float64(time.Second)).Round(time.Millisecond)
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%d\t%d\t%s\t%s\n", p.Platform, state, p.Pending, lag, p.Aside, p.Parked, shortTime(p.LastSuccess), diverged)
	}
	table.Flush()
}

func shortTime(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return at.Local().Format(time.DateTime)
}

func changesSwitchCommand(o *operatorOptions, verb, short string) *cobra.Command {
	var reason string
	command := &cobra.Command{
		Use: verb + " PLATFORM", Short: short, Args: cobra.ExactArgs(1),
		RunE: acting(o, func(as *operator, args []string) error {
			var switched struct{ Off bool }
			err := as.post(as.command.Context(), "/platforms/"+args[0]+"/"+verb, map[string]string{"reason": reason}, &switched)
			if err == nil {
				as.say("%s is %sd\n", args[0], verb)
			}
			return err
		}),
	}
	needReason(command, &reason)
	return command
}

// needReason adds the flag that every action must have.
func needReason(command *cobra.Command, reason *string) {
	command.Flags().StringVar(reason, "reason", "", "why, for the record, in 3 to 200 characters (required)")
	_ = command.MarkFlagRequired("reason")
}
