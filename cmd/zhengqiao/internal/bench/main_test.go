package bench

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// The test program is also its own children: Run starts it again as a source or a gateway, as the real program would.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == "source" || os.Args[1] == "gateway") {
		if err := asChild(os.Args[1], os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

func asChild(kind string, arguments []string) error {
	flags := flag.NewFlagSet(kind, flag.ContinueOnError)
	dir, mode := flags.String("dir", "", ""), flags.String("mode", "", "")
	source, profile := flags.String("source", "", ""), flags.String("profile", "", "")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if kind == "source" {
		return Source{Dir: *dir, In: os.Stdin, Out: os.Stdout}.Run(context.Background())
	}
	return Gateway{Mode: Mode(*mode), Dir: *dir, Source: *source, Profile: *profile, In: os.Stdin, Out: os.Stdout}.Run(context.Background())
}
