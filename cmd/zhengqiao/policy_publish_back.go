package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/gateway/policydesk"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// policyRollback orders the step back from what is in force, or, away from the gateway, the step that it is told.
type policyRollback struct {
	deskOptions
	reason, from, to, out string
}

func policyRollbackCommand() *cobra.Command {
	var p policyRollback
	command := &cobra.Command{
		Use:   "rollback",
		Short: "go one step back, to the policies that were in force before; an approver's signed act, on record with its reason",
		Long: "Asks the gateway what is in force, signs the step back from exactly that and sends it. With --out the order is written to a file instead, to\n" +
			"be brought to the console: --from and --to are then what the console shows, and no gateway is asked.",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if p.out != "" {
				return p.write(command)
			}
			return p.send(command)
		},
	}
	p.flags(command)
	flags := command.Flags()
	flags.StringVar(&p.out, "out", "", "the file to write the order to, instead of sending it")
	flags.StringVar(&p.from, "from", "", "with --out: the content in force, as the console shows it")
	flags.StringVar(&p.to, "to", "", "with --out: the content to go back to; none: the policies that the gateway starts with")
	requireReason(command, &p.reason)
	return command
}

func (p *policyRollback) send(command *cobra.Command) error {
	if p.from != "" || p.to != "" {
		return errors.New("--from and --to are for an order that is written with --out; else the gateway is asked what is in force")
	}
	gateway, err := p.open()
	if err != nil {
		return err
	}
	now, err := gateway.call(command.Context(), policydesk.StandingPath, nil)
	if err != nil {
		return err
	}
	previous, ok := now.Standing.Previous()
	if !ok {
		return errors.New("nothing was in force before: there is no step back")
	}
	settings, err := config.Load(p.config, os.Environ())
	if err != nil {
		return err
	}
	order, err := p.order(settings.Folder(), now.Standing.Active.Content, previous.Content)
	if err != nil {
		return err
	}
	then, err := gateway.call(command.Context(), policydesk.RollbackPath, order)
	if err != nil {
		return err
	}
	fmt.Fprintf(command.OutOrStdout(), "in force again: %s\n", revisionOf(&then.Standing.Active))
	return nil
}

func (p *policyRollback) write(command *cobra.Command) error {
	order, err := p.order("", p.from, p.to)
	if err != nil {
		return refusedByPolicy("the order", err)
	}
	if err := os.WriteFile(p.out, order, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(command.OutOrStdout(), "order      %s; next: bring it to the console, 策略发布\n", p.out)
	return nil
}

// order signs a step.
func (p *policyRollback) order(folder, from, to string) ([]byte, error) {
	pen, keyID, err := p.penBeside(folder)
	if err != nil {
		return nil, err
	}
	order := publish.Rollback{From: from, To: to, Sequence: uint64(time.Now().UnixMilli()), Reason: p.reason, By: p.as}
	return publish.SignRollback(order, keyID, pen, smcrypto.NewSM3)
}
