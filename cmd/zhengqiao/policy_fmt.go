package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/policies/authoring/layout"
)

func policyFmtCommand() *cobra.Command {
	write, check := false, false
	command := &cobra.Command{
		Use:   "fmt [DIR]",
		Short: "name the Rego files that are not laid out as OPA's formatter would; --write lays them out",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			dir, err := policyDir(args)
			if err != nil {
				return err
			}
			untidy, err := layout.Untidy(os.DirFS(dir))
			if err != nil {
				return policyFault(err)
			}
			for _, path := range slices.Sorted(maps.Keys(untidy)) {
				fmt.Fprintln(command.OutOrStdout(), filepath.Join(dir, path))
			}
			if write {
				return writeFiles(dir, untidy)
			}
			if check && len(untidy) > 0 {
				return policyFaultf("%s to lay out: zhengqiao policy fmt --write %s", plural(len(untidy), "file"), dir)
			}
			return nil
		},
	}
	command.Flags().BoolVar(&write, "write", false, "lay them out")
	command.Flags().BoolVar(&check, "check", false, "fail if there is one (exit code 8)")
	command.MarkFlagsMutuallyExclusive("write", "check")
	return command
}

// writeFiles writes files below a folder, each whole under its name or not at all.
func writeFiles(dir string, files map[string][]byte) error {
	for _, path := range slices.Sorted(maps.Keys(files)) {
		target := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		beside := target + ".new"
		if err := os.WriteFile(beside, files[path], 0o644); err != nil {
			return err
		}
		if err := os.Rename(beside, target); err != nil {
			return err
		}
	}
	return nil
}
