package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/gateway"
)

// diffOptions say what is compared.
type diffOptions struct {
	operatorOptions
	against string
	running bool
}

// configDiffCommand shows what a reload will change.
func configDiffCommand() *cobra.Command {
	var o diffOptions
	command := &cobra.Command{
		Use:   "diff",
		Short: "show what a reload will change, without showing secrets: --config NEW --against OLD, or --running to ask the running gateway",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			switch {
			case o.running == (o.against != ""):
				return errors.New("give either --against OLD or --running")
			case o.running:
				return o.askRunning(command)
			}
			return o.compare(command.OutOrStdout())
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.config, "config", "zhengqiao.yaml", "the new configuration; with --running the gateway's own, which it compares with what is in force")
	flags.StringVar(&o.against, "against", "", "the old configuration")
	flags.BoolVar(&o.running, "running", false, "ask the running gateway what a reload of its file would change; needs --as")
	o.identityFlags(flags)
	return command
}

func (o *diffOptions) compare(out io.Writer) error {
	before, err := config.Load(o.against, os.Environ())
	if err != nil {
		return err
	}
	after, err := config.Load(o.config, os.Environ())
	if err != nil {
		return err
	}
	if _, err := app.Check(after); err != nil {
		return config.InFile(o.config, err)
	}
	show(out, config.Diff(before, after))
	return nil
}

func show(out io.Writer, changes []config.Change) {
	if len(changes) == 0 {
		fmt.Fprintln(out, "a reload changes nothing but what the files behind references hold")
	}
	for _, change := range changes {
		fmt.Fprintln(out, change)
	}
}

func (o *diffOptions) askRunning(command *cobra.Command) error {
	operator, err := o.open(command)
	if err != nil {
		return err
	}
	return operator.reload(command.Context(), map[string]any{"preview": true})
}

// reloaded is what the gateway answers to a reload and to its preview.
type reloaded struct {
	Applied bool
	Changes []gateway.ReloadChange
	Fault   string
}

func (o *operator) reload(ctx context.Context, asked map[string]any) error {
	var answer reloaded
	if err := o.post(ctx, "/reload", asked, &answer); err != nil {
		return err
	}
	defer o.finish()
	if answer.Fault != "" {
		return fmt.Errorf("the gateway refuses the file, all stays as it is:\n%s", answer.Fault)
	}
	for _, change := range answer.Changes {
		o.say("%s\n", config.Change(change))
	}
	if len(answer.Changes) == 0 {
		o.say("%s\n", "nothing changes but what the files behind references hold")
	}
	return nil
}

// configReloadCommand has the running gateway read its configuration anew.
func configReloadCommand() *cobra.Command {
	var o operatorOptions
	reason := ""
	command := &cobra.Command{
		Use:   "reload",
		Short: "have the running gateway read its configuration, keys and policies anew; a bad file leaves all as it is",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			operator, err := o.open(command)
			if err != nil {
				return err
			}
			return operator.reload(command.Context(), map[string]any{"reason": reason})
		},
	}
	o.flags(command)
	requireReason(command, &reason)
	return command
}
