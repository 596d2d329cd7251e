package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "say which version this is, from which commit and by which Go it was built",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			fmt.Fprintln(command.OutOrStdout(), "zhengqiao", app.Version())
			return nil
		},
	}
}
