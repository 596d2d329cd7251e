package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/policies/impact"
)

func policyInputsCommand() *cobra.Command {
	command := &cobra.Command{Use: "inputs", Short: "what recorded decisions were made on, without names and personal numbers"}
	command.AddCommand(policyInputsExportCommand())
	return command
}

func policyInputsExportCommand() *cobra.Command {
	source, out := decisionSource{}, ""
	command := &cobra.Command{
		Use:   "export",
		Short: "write the inputs of recorded decisions, one JSON object a line, for `policy impact --inputs`",
		Long: "An input holds all that the policies read: no name, no personal number; number and name of the matter and an operator who is a\n" +
			"person are masked. It is read from the journal of the configuration, or with --as from a running gateway.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if out == "" {
				return exportInputs(command, &source, command.OutOrStdout())
			}
			return writeTo(out, func(file *os.File) error { return exportInputs(command, &source, file) })
		},
	}
	source.flags(command)
	command.Flags().StringVar(&out, "out", "", "file to write; default: standard output")
	return command
}

func exportInputs(command *cobra.Command, source *decisionSource, out io.Writer) error {
	count := 0
	err := source.read(command, func(in *impact.Input) error {
		line, err := impact.Encode(nil, in)
		if err == nil {
			count++
			_, err = out.Write(line)
		}
		return err
	})
	if err == nil {
		fmt.Fprintf(command.ErrOrStderr(), "%s\n", plural(count, "input"))
	}
	return err
}

// progress says on one line how far the reading is, at most some times a second.
type progress struct {
	out         io.Writer
	began, last time.Time
	shown       bool
}

// progressPause is between two lines of progress.
const progressPause = 500 * time.Millisecond

func (p *progress) tell(read, all uint64) {
	now := time.Now()
	if now.Sub(p.began) < progressPause || now.Sub(p.last) < progressPause {
		return
	}
	p.last, p.shown = now, true
	rate := float64(read) / now.Sub(p.began).Seconds()
	fmt.Fprintf(p.out, "\r%d / %d (%.0f/s)   ", read, all, rate)
}

func (p *progress) done() {
	if p.shown {
		fmt.Fprintln(p.out)
	}
}
