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
		Short: "check a configuration whole: keys, certificate, policies, adapters' settings, addresses, routes, without starting anything",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			settings, err := config.Load(path, os.Environ())
			if err != nil {
				return err
			}
			warnings, err := app.Check(settings)
			for _, warning := range warnings {
				fmt.Fprintf(command.ErrOrStderr(), "warning: %s: %s\n", path, warning)
			}
			if err != nil {
				return config.InFile(path, err)
			}
			fmt.Fprintf(command.OutOrStdout(), "%s is good: %s, %s, %s\n", path,
				plural(len(settings.Platforms), "platform"), plural(len(settings.Sources), "source"), plural(len(settings.Routes), "route"))
			return nil
		},
	}
	check.Flags().StringVar(&path, "config", "zhengqiao.yaml", "the file")
	command.AddCommand(check, configDiffCommand(), configReloadCommand())
	return command
}

func plural(count int, noun string) string {
	if count == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", count, noun)
}
