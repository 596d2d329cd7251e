package main

import (
	"context"

	"github.com/spf13/cobra"
)

// breakGlass is the flags of `zhengqiao breakglass` and what is below it.
type breakGlass struct {
	operatorOptions
	reason, reference, region, basis, person string
	minutes                                  int
	violations                               bool
}

func breakGlassCommand() *cobra.Command {
	var b breakGlass
	command := &cobra.Command{
		Use:   "breakglass",
		Short: "emergency access of an operator to one person's record: recorded, alarmed, short",
		Long: "An operator opens the record of one person to himself, for minutes and with a reason; policy (breakglass.yaml) says who may, when, where and\n" +
			"whether a second person must confirm. Each step is on record and raises an alarm. The person's name and number are read from a file or from\n" +
			"standard input, never from the command line: {\"name\": \"…\", \"idNumber\": \"…\"}.",
		Args: cobra.NoArgs,
	}
	b.flags(command)
	command.AddCommand(b.openCommand(), b.confirmCommand(), b.closeCommand(), b.queryCommand(), b.listCommand())
	return command
}

func (b *breakGlass) openCommand() *cobra.Command {
	command := b.command("open", "open an emergency access, or ask a second person for it", cobra.NoArgs, b.open)
	flags := command.Flags()
	flags.StringVar(&b.person, "person", "-", "JSON file with the person's name and idNumber; -: standard input")
	flags.StringVar(&b.region, "region", "", "province that keeps the licence, such as 310000 (required)")
	flags.StringVar(&b.reason, "reason", "", "why, for the record, without any personal number (required)")
	flags.StringVar(&b.reference, "reference", "", "number of the case or ticket (required)")
	flags.StringVar(&b.basis, "legal-basis", "PIPL-13-4", "legal basis, such as PIPL-13-4 (an emergency)")
	flags.IntVar(&b.minutes, "minutes", 10, "for how long")
	return required(command, "region", "reason", "reference")
}

func (b *breakGlass) confirmCommand() *cobra.Command {
	command := b.command("confirm OPENING", "confirm what another operator asked for; its minutes run from then on", cobra.ExactArgs(1), b.act("confirm"))
	command.Flags().StringVar(&b.reason, "reason", "", "why, for the record (required)")
	return required(command, "reason")
}

func (b *breakGlass) closeCommand() *cobra.Command {
	command := b.command("close OPENING", "close an emergency access before its time, one's own or another's", cobra.ExactArgs(1), b.act("close"))
	command.Flags().StringVar(&b.reason, "reason", "", "why, for the record (required)")
	return required(command, "reason")
}

func (b *breakGlass) queryCommand() *cobra.Command {
	command := b.command("query OPENING", "ask about the licence, or the violations, of the access's person", cobra.ExactArgs(1), b.query)
	flags := command.Flags()
	flags.StringVar(&b.person, "person", "-", "JSON file with the person's name and idNumber; -: standard input")
	flags.BoolVar(&b.violations, "violations", false, "ask about violations instead of the licence")
	return command
}

func (b *breakGlass) listCommand() *cobra.Command {
	return b.command("list", "list the emergency accesses of the last two days", cobra.NoArgs, b.list)
}

func (b *breakGlass) command(use, short string, args cobra.PositionalArgs, run func(context.Context, *operator, []string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: args, RunE: func(command *cobra.Command, args []string) error {
		o, err := b.operatorOptions.open(command)
		if err != nil {
			return err
		}
		defer o.finish()
		return run(command.Context(), o, args)
	}}
}

func required(command *cobra.Command, names ...string) *cobra.Command {
	for _, name := range names {
		_ = command.MarkFlagRequired(name)
	}
	return command
}
