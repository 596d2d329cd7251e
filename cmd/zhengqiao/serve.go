package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

func serveCommand() *cobra.Command {
	path := ""
	command := &cobra.Command{
		Use:   "serve",
		Short: "run the gateway; SIGHUP reads configuration, keys and policies anew, SIGTERM drains and ends it",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			useHeap()
			return serve(command.Context(), path)
		},
	}
	command.Flags().StringVar(&path, "config", "zhengqiao.yaml", "the configuration")
	return command
}

func serve(ctx context.Context, path string) error {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP) // before anything else: without a handler the signal ends the process
	settings, err := config.Load(path, os.Environ())
	if err != nil {
		return err
	}
	logger := settings.Logger(os.Stderr)
	gateway, err := app.Open(ctx, settings, logger, app.Parts{})
	if err != nil {
		return config.InFile(path, err)
	}
	defer reloadOnHangup(gateway, hangups)()
	logger.Info("serving", "url", gateway.URL(), "ops", gateway.OpsURL(), "console", gateway.ConsoleURL(), "platforms", len(settings.Platforms), "sources", len(settings.Sources))
	if err := gateway.Run(ctx); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	logger.Info("stopped")
	return nil
}

// reloadOnHangup reads configuration, keys and policies anew on each SIGHUP, the one that came while starting included, until the returned function
// is called.
func reloadOnHangup(gateway *app.App, hangups chan os.Signal) (stop func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range hangups {
			_, _ = gateway.Reload() // it logs its failure, and all stays as it is
		}
	}()
	return func() {
		signal.Stop(hangups)
		close(hangups)
		<-done
	}
}
