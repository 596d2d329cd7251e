package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies/authoring/checkup"
)

func policyCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check [DIR]",
		Short: "find what is wrong before anything is asked: rules, data, tests, cases and matrix, with file, line and what was meant",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			dir, err := policyDir(args)
			if err != nil {
				return err
			}
			findings := checkup.Check(command.Context(), os.DirFS(dir), smcrypto.NewSM3)
			for _, finding := range findings {
				fmt.Fprintln(command.OutOrStdout(), finding)
			}
			if len(findings) > 0 {
				return policyFaultf("%s in %s", plural(len(findings), "finding"), dir)
			}
			fmt.Fprintf(command.OutOrStdout(), "%s is in order / 策略无误\n", dir)
			return nil
		},
	}
}
