package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

func frontDBCommand() *cobra.Command {
	command := &cobra.Command{Use: "frontdb", Short: "look after the tables of front-end databases (前置库)"}
	command.AddCommand(frontDBMigrateCommand())
	return command
}

func frontDBMigrateCommand() *cobra.Command {
	path, id, dsn := "", "", ""
	command := &cobra.Command{
		Use:   "migrate --as ID",
		Short: "make the exchange tables, or bring them to the version that this program works with",
		Long: "Makes the schema and the tables of one of the configured front-end databases, or upgrades them, and says from which version to\n" +
			"which. Doing it again does nothing. It asks for rights that the gateway's everyday account need not have: --dsn names another one.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			settings, err := config.Load(path, os.Environ())
			if err != nil {
				return err
			}
			done, err := app.MigrateFront(command.Context(), settings, id, dsn)
			if err != nil {
				return config.InFile(path, err)
			}
			if done.From == done.To {
				fmt.Fprintf(command.OutOrStdout(), "%s is at version %d already\n", id, done.To)
				return nil
			}
			fmt.Fprintf(command.OutOrStdout(), "%s went from version %d to %d\n", id, done.From, done.To)
			return nil
		},
	}
	flags := command.Flags()
	flags.StringVar(&path, "config", "zhengqiao.yaml", "the gateway's configuration")
	flags.StringVar(&id, "as", "", "id of the front-end database under frontdbs (required)")
	flags.StringVar(&dsn, "dsn", "", "reference to another connection string, such as file:keys/owner.dsn")
	_ = command.MarkFlagRequired("as")
	return command
}
