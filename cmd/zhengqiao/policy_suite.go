package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/policies/authoring/suite"
)

type policyTest struct {
	junit       string
	coverage    bool
	coverageMin float64
}

func policyTestCommand() *cobra.Command {
	var p policyTest
	command := &cobra.Command{
		Use:   "test [DIR]",
		Short: "run Rego tests, cases and matrix in one go; what differs is shown with its rule",
		Args:  cobra.MaximumNArgs(1),
		RunE:  p.run,
	}
	flags := command.Flags()
	flags.StringVar(&p.junit, "junit", "", "also write the results to this file as JUnit XML")
	flags.BoolVar(&p.coverage, "coverage", false, "list every rule with the share of its lines that tests reach; else only those not wholly reached")
	flags.Float64Var(&p.coverageMin, "coverage-min", 0, "fail if tests reach less than this share of the lines of rules, 0 to 100")
	return command
}

func (p *policyTest) run(command *cobra.Command, args []string) error {
	opened, err := openPolicyFolder(args)
	if err != nil {
		return err
	}
	report, err := suite.Run(command.Context(), opened)
	if err != nil {
		return policyFault(err)
	}
	if p.junit != "" {
		if err := writeTo(p.junit, func(file *os.File) error { return report.WriteJUnit(file) }); err != nil {
			return err
		}
	}
	p.print(command.OutOrStdout(), report)
	switch failed := report.Failed(); {
	case failed > 0:
		return policyFaultf("%s failed", plural(failed, "test"))
	case report.Percent < p.coverageMin:
		return policyFaultf("tests reach %.1f %% of the lines of rules, less than %.1f %%", report.Percent, p.coverageMin)
	}
	return nil
}

func (p *policyTest) print(out io.Writer, report *suite.Report) {
	count := map[string]int{}
	for _, result := range report.Results {
		count[result.Kind]++
		if len(result.Failures) == 0 {
			continue
		}
		fmt.Fprintf(out, "FAIL %s: %s\n", result.Place, result.Name)
		for _, failure := range result.Failures {
			fmt.Fprintf(out, "    %s\n", failure)
		}
	}
	for _, rule := range report.Rules {
		if p.coverage || len(rule.Missing) > 0 {
			fmt.Fprintf(out, "coverage %s\n", rule.String())
		}
	}
	fmt.Fprintf(out, "%d passed, %d failed (%d Rego, %d cases, %d of the matrix); %.1f %% of the lines of rules reached\n",
		len(report.Results)-report.Failed(), report.Failed(), count[suite.Rego], count[suite.Cases], count[suite.Matrix], report.Percent)
}
