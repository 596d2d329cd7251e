package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/policies/authoring/scaffold"
)

func policyNewRuleCommand() *cobra.Command {
	var rule scaffold.Rule
	command := &cobra.Command{
		Use:   "new-rule NAME [DIR]",
		Short: "begin a rule: Rego with metadata, reason in zh and en, test and case, wired into the decision",
		Args:  cobra.RangeArgs(1, 2),
		RunE: func(command *cobra.Command, args []string) error {
			dir, err := policyDir(args[1:])
			if err != nil {
				return err
			}
			rule.Name = args[0]
			files, err := rule.Files(os.DirFS(dir))
			if err != nil {
				return err
			}
			if err := writeFiles(dir, files); err != nil {
				return err
			}
			for _, path := range slices.Sorted(maps.Keys(files)) {
				fmt.Fprintln(command.OutOrStdout(), filepath.Join(dir, path))
			}
			fmt.Fprintf(command.OutOrStdout(), "\nNow put your condition into %s, then: zhengqiao policy check, test and matrix --check.\n", filepath.Join(dir, rule.Name+".rego"))
			return nil
		},
	}
	command.Flags().StringVar(&rule.ZH, "zh", "", "what a refused citizen is told and can do, in Chinese")
	command.Flags().StringVar(&rule.EN, "en", "", "the same in English")
	return command
}
