package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/policies/authoring/mutation"
)

type policyMutate struct {
	options mutation.Options
	only    string
	verbose bool
}

func policyMutateCommand() *cobra.Command {
	var p policyMutate
	command := &cobra.Command{
		Use:   "mutate [DIR]",
		Short: "make one mistake at a time in rules and data, and name each that no test notices",
		Long: "Drops and turns round conditions, leaves out rules, widens lists and lowers levels, one at a time, and runs cases, matrix and Rego\n" +
			"tests against each. What nothing notices is a survivor: write the missing test, or explain it in survivors.yaml of the folder.",
		Args: cobra.MaximumNArgs(1),
		RunE: p.run,
	}
	flags := command.Flags()
	flags.IntVar(&p.options.Parallel, "parallel", 0, "mutants at a time; 0: one for each processor")
	flags.StringVar(&p.only, "only", "", "only mutants whose name contains this, such as fields.rego or platforms.suishenban")
	flags.BoolVar(&p.verbose, "verbose", false, "also tell what killed each of the others")
	return command
}

func (p *policyMutate) run(command *cobra.Command, args []string) error {
	opened, err := openPolicyFolder(args)
	if err != nil {
		return err
	}
	out, progress := command.OutOrStdout(), command.ErrOrStderr()
	p.options.Clock = time.Now
	if p.only != "" {
		p.options.Only = func(id string) bool { return strings.Contains(id, p.only) }
	}
	p.options.Progress = func(done, all, survived int) {
		if done%100 == 0 || done == all {
			fmt.Fprintf(progress, "%d of %d, %d survived so far\n", done, all, survived)
		}
	}
	if p.verbose {
		p.options.Killed = func(mutant *mutation.Mutant, by string) {
			fmt.Fprintf(out, "killed %s: %s, by %s\n", mutant.Place, mutant.ID, by)
		}
	}
	report, err := mutation.Run(command.Context(), opened, p.options)
	if err != nil {
		return policyFault(err)
	}
	return printMutation(out, report)
}

func printMutation(out io.Writer, report *mutation.Report) error {
	for _, mutant := range report.Survivors {
		fmt.Fprintf(out, "SURVIVED %s: %s\n", mutant.Place, mutant.ID)
	}
	for _, stale := range report.Stale {
		fmt.Fprintf(out, "STALE survivors.yaml explains what is no survivor: %s\n", stale.Mutant)
	}
	fmt.Fprintf(out, "%d mutants: %d killed by tests, %d refused by check, %d survived as explained, %d survived; %.1f s\n", report.Mutants,
		report.Killed, report.Refused, len(report.Explained), len(report.Survivors), report.Took.Seconds())
	if faults := len(report.Survivors) + len(report.Stale); faults > 0 {
		return policyFaultf("%s to look at", plural(faults, "mutant"))
	}
	return nil
}
