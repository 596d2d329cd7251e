package main

import (
	"os"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
)

func demoCommand() *cobra.Command {
	var o demo.Options
	command := &cobra.Command{
		Use:   "demo",
		Short: "run stand-ins of all platforms and a gateway on loopback, with a tour that checks itself",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			o.Out = command.OutOrStdout()
			o.Environ = os.Environ()
			return demo.Run(command.Context(), o)
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.Dir, "dir", "zhengqiao-demo", "folder for configuration, keys, test citizens and journal; made if it is not there")
	flags.StringVar(&o.Listen, "listen", "127.0.0.1:8080", "address of the contract")
	flags.StringVar(&o.OpsListen, "ops-listen", "127.0.0.1:9090", "address of health and metrics")
	flags.StringVar(&o.Console, "console", "127.0.0.1:9091", "address of the console, pages for operators; empty: none")
	flags.BoolVar(&o.Once, "once", false, "end after the tour: exit code 0 only if every step came out as it should")
	return command
}
