package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

func configCommand() *cobra.Command {
	command := &cobra.Command{Use: "config", Short: "look at a configuration"}
	path := ""
	check := &cobra.Command{
		Use:   "check",
		Short: "check a configuration whole: keys, adapters' settings, routes and policies, without starting anything",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			settings, err := config.Load(path, os.Environ())
			if err != nil {
				return err
			}
			if err := app.Check(settings); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			fmt.Fprintf(command.OutOrStdout(), "%s is good: %d platforms, %d sources, %d routes\n", path, len(settings.Platforms), len(settings.Sources), len(settings.Routes))
			return nil
		},
	}
	check.Flags().StringVar(&path, "config", "zhengqiao.yaml", "the file")
	command.AddCommand(check)
	return command
}
