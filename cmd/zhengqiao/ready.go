package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// readyTime bounds the question; readyBytes what is shown of the answer.
const (
	readyTime  = 3 * time.Second
	readyBytes = 4 << 10
)

// readyCommand asks for what needs a program: the image has neither a shell nor curl.
func readyCommand() *cobra.Command {
	var path, url string
	command := &cobra.Command{
		Use:   "ready",
		Short: "ask the gateway of this machine whether it is ready; exit code 0 if it is",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			settings, err := config.Load(path, os.Environ())
			if err != nil {
				return err
			}
			return askReady(command, orDefault(url, settings.OpsURL())+"/readyz")
		},
	}
	command.Flags().StringVar(&path, "config", "zhengqiao.yaml", "the gateway's configuration, for its operators' address")
	command.Flags().StringVar(&url, "gateway", "", "the operators' address instead, such as http://10.0.0.5:9090")
	return command
}

func askReady(command *cobra.Command, url string) error {
	request, err := http.NewRequestWithContext(command.Context(), http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := (&http.Client{Timeout: readyTime}).Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(command.OutOrStdout(), io.LimitReader(answer.Body, readyBytes)); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %s", answer.Status)
	}
	return nil
}
