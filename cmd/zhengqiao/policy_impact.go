package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// Exit codes of policy impact and policy shadow, besides 0: all was replayed and nothing changes.
const (
	exitChanges = 9  // decisions change, or there were none, or not all could be replayed; nobody is known to see more
	exitWidens  = 10 // somebody would see more
)

type policyImpact struct {
	source           decisionSource
	baseline, format string
	out              string
}

func policyImpactCommand() *cobra.Command {
	p := policyImpact{}
	command := &cobra.Command{
		Use:   "impact CANDIDATE_DIR",
		Short: "decide recorded requests again by other policies and say who would see more, less or otherwise",
		Long: "The records are read from the journal of the configuration (a stopped gateway's, a cold copy, or a cluster's while it runs), with --as\n" +
			"from a running gateway, or with --inputs from a file of `zhengqiao policy inputs export`. They are decided by the policies in force\n" +
			"(policies.dir of the configuration, or --baseline) and by the candidate.\n\n" +
			"Exit codes: 0 all was replayed and nothing changes; 1 could not be done; 8 the candidate does not load; 9 decisions change, or there were\n" +
			"none, or not all could be replayed, and nobody is known to see more; 10 somebody would see more.",
		Args: cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, args []string) error { return p.run(command, args[0]) },
	}
	p.source.flags(command)
	flags := command.Flags()
	flags.StringVar(&p.source.inputs, "inputs", "", "a file of exported inputs in the place of a journal; - for standard input")
	flags.StringVar(&p.baseline, "baseline", "", "folder of the policies to compare with; default: those that the configuration puts in force; required where policies are signed")
	flags.StringVar(&p.format, "format", "table", "table, json, html or markdown")
	flags.StringVar(&p.out, "out", "", "file for the report; default: standard output")
	return command
}

// replayTime bounds one decision of a replay. Nobody waits for it, and a time-out would look like a change.
const replayTime = 10 * time.Second

func (p *policyImpact) run(command *cobra.Command, dir string) error {
	if writers(&impact.Report{})[p.format] == nil {
		return fmt.Errorf("%q is no format: want table, json, html or markdown", p.format)
	}
	if !holdsPolicies(dir) {
		return fmt.Errorf("folder %s holds no policies (*.rego)", dir)
	}
	candidate, err := policies.New(os.DirFS(dir), replayOptions())
	if err != nil {
		return policyFault(fmt.Errorf("%w\n(zhengqiao policy check %s says more)", err, dir))
	}
	baseline, err := p.base()
	if err != nil {
		return err
	}
	replay := impact.New(baseline, candidate)
	take := func(in *impact.Input) error { return replay.Add(command.Context(), in) }
	if err := p.source.read(command, take); err != nil {
		return err
	}
	return p.conclude(command, replay.Report())
}

func replayOptions() policies.Options {
	return policies.Options{NewHash: smcrypto.NewSM3, Timeout: replayTime}
}

// base loads the policies to compare with.
func (p *policyImpact) base() (*policies.Engine, error) {
	if p.baseline != "" {
		return policies.New(os.DirFS(p.baseline), replayOptions())
	}
	files, err := p.source.policiesInForce()
	if err != nil {
		return nil, err
	}
	return policies.New(files, replayOptions())
}

func writers(r *impact.Report) map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{"table": r.WriteTable, "json": r.WriteJSON, "html": r.WriteHTML, "markdown": r.WriteMarkdown}
}

func (p *policyImpact) conclude(command *cobra.Command, report *impact.Report) error {
	write := writers(report)[p.format]
	var err error
	if p.out == "" {
		err = write(command.OutOrStdout())
	} else {
		err = writeTo(p.out, func(file *os.File) error { return write(file) })
	}
	switch {
	case err != nil:
		return err
	case report.Widens:
		return codedError{exitWidens, fmt.Errorf("%s %s", report.Verdict().ZH, report.Verdict().EN)}
	case !report.Same():
		return codedError{exitChanges, fmt.Errorf("%s %s", report.Verdict().ZH, report.Verdict().EN)}
	}
	return nil
}
