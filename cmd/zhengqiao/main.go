// Command zhengqiao is the gateway: it serves the contract, runs the demo and the stand-ins alone, calls a gateway as a
// platform would, makes keys and checks a configuration.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
)

func main() {
	if rehearsing() {
		rehearse()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := root().ExecuteContext(ctx)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "zhengqiao:", err)
	stop()
	os.Exit(exitCode(err))
}

func root() *cobra.Command {
	command := &cobra.Command{
		Use:   "zhengqiao",
		Short: "政桥: a cross-platform government data exchange gateway",
		Long: "政桥: a cross-platform government data exchange gateway.\n\n" +
			"Exit codes: 0 done; 1 failed; for call also 3 (the answer is not provably the gateway's) and 4 (the gateway answered with a\n" +
			"problem); for records verify also 5 (the receipt, the record or the answer do not belong together); for changes and reconcile 6 (not\n" +
			"done whole) and 7 (the platform holds something else than it should); for policy 8 (the policies are not in order);\n" +
			"for doctor 11 (a step failed).",
		Version:       app.Version(),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	command.SetVersionTemplate("zhengqiao {{.Version}}\n")
	command.AddCommand(serveCommand(), demoCommand(), callCommand(), keysCommand(), configCommand(), simulateCommand(), recordsCommand(), journalCommand(), backupCommand(), restoreCommand(), readyCommand(), changesCommand(), reconcileCommand(), policyCommand(), frontDBCommand(), benchCommand(), healthCommand(), breakGlassCommand(), doctorCommand(), versionCommand())
	return command
}

// codedError ends the program with a code of its own.
type codedError struct {
	code int
	error
}

func (e codedError) Unwrap() error { return e.error }

// exitCode is 1 unless the error says otherwise.
func exitCode(err error) int {
	if coded, ok := errors.AsType[codedError](err); ok {
		return coded.code
	}
	return 1
}
