package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// report is the outcome of a comparison.
type report struct {
	Platform                                                                 string
	Known, Held, Agreeing, Waiting, Unsettled, Unclear, Diverged, Repairable int
	Oldest                                                                   time.Time
	Findings                                                                 []finding
	Aspects                                                                  []struct {
		Aspect string
		Count  int
	}
}

type finding struct {
	Kind       string
	Count      int
	Repairable bool
	Oldest     time.Time
	Sample     []string
}

func reconcileCommand() *cobra.Command {
	var o operatorOptions
	var asked order
	var repair, yes bool
	command := &cobra.Command{
		Use:   "reconcile PLATFORM",
		Short: "compare what a platform holds with what it should hold, and repair it if asked",
		Long: "Asks a running gateway to compare the digests of what the platform holds with what is known, as policy shapes it. With --repair the\n" +
			"gateway tells the platform again what it lacks, and compares again.\n\n" +
			"Exit code 0: they agree; 3 and 4 as of call; 6: not done whole; 7: the platform holds something else than it should.",
		Args: cobra.ExactArgs(1),
		RunE: acting(&o, func(as *operator, args []string) error {
			if asked.Reason == "" && repair {
				return fmt.Errorf("--repair needs a --reason, which is recorded")
			}
			asked.Reason = orDefault(asked.Reason, "comparison")
			return as.reconcile(args[0], asked, repair, yes)
		}),
	}
	o.flags(command)
	flags := command.Flags()
	flags.StringVar(&asked.Reason, "reason", "", "why, for the record, in 3 to 200 characters; required with --repair")
	flags.BoolVar(&repair, "repair", false, "tell the platform again what it lacks")
	flags.Float64Var(&asked.PerSecond, "per-second", 10, "with --repair: tries per second at most")
	flags.BoolVar(&yes, "yes", false, "with --repair: do not ask for a confirmation")
	return command
}

func (o *operator) reconcile(platform string, asked order, repair, yes bool) error {
	found, err := o.compare(platform, asked.Reason)
	if err != nil || found.Report == nil {
		return err
	}
	left := found.Report.show(o)
	if left == nil || !repair || found.Report.Repairable == 0 {
		return left
	}
	o.say("%s can be told again\n", plural(found.Report.Repairable, "licence"))
	if err := o.confirmed(yes, found.Report.Repairable); err != nil {
		return err
	}
	asked.Comparison = found.ID
	if err := o.run("/platforms/"+platform+"/repair", asked); err != nil {
		return err
	}
	if found, err = o.compare(platform, asked.Reason); err != nil {
		return err
	}
	return found.Report.show(o)
}

// compare runs a comparison to its end. A job without a report ended otherwise than well, which the error says.
func (o *operator) compare(platform, reason string) (*job, error) {
	var started job
	if err := o.post(o.command.Context(), "/platforms/"+platform+"/reconcile", order{Reason: reason}, &started); err != nil {
		return nil, err
	}
	ended, err := o.await(started.ID)
	if err == nil && ended.Report == nil {
		err = ended.outcome(o)
	}
	return ended, err
}

// show prints a report. Its error says that something is wrong.
func (r *report) show(o *operator) error {
	o.say("%s: %d known, %d held, %d agree, %d on their way, %d changed meanwhile, %d unclear\n",
		r.Platform, r.Known, r.Held, r.Agreeing, r.Waiting, r.Unsettled, r.Unclear)
	for _, f := range r.Findings {
		note := ""
		if !f.Repairable {
			note = "; telling again does not mend this, the platform must look"
		}
		o.say("  %s: %d, since %s%s\n    %s\n", f.Kind, f.Count, shortTime(f.Oldest), note, strings.Join(f.Sample, "\n    "))
	}
	for _, a := range r.Aspects {
		o.say("  wrong in %s: %d\n", a.Aspect, a.Count)
	}
	if r.Diverged == 0 {
		return nil
	}
	return codedError{exitDiverged, fmt.Errorf("%s diverges in %s, %d of them repairable; --repair --reason ... tells it again",
		r.Platform, plural(r.Diverged, "licence"), r.Repairable)}
}
