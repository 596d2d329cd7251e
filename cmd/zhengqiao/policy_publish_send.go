package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/client"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/gateway/policydesk"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// deskOptions are the flags of commands that talk to a running gateway about its policies.
type deskOptions struct {
	signing
	config, gatewayKey, url string
}

func (d *deskOptions) flags(command *cobra.Command) {
	d.signing.flags(command)
	flags := command.Flags()
	flags.StringVar(&d.config, "config", "zhengqiao.yaml", "the gateway's configuration, for its operators' address and the folder of the keys")
	flags.StringVar(&d.gatewayKey, "gateway-key", "", "the gateway's public key; default keys/gateway.pub.pem beside the configuration")
	flags.StringVar(&d.url, "gateway", "", "the running gateway's operators' address; default: from the configuration")
}

// deskTime bounds one call: a publication tries the policies out.
const deskTime = 5 * time.Minute

// desk is a running gateway.
type desk struct {
	*client.Client
	options *deskOptions
}

func (d *deskOptions) open() (*desk, error) {
	settings, err := config.Load(d.config, os.Environ())
	if err != nil {
		return nil, err
	}
	wanted, err := identity(settings, orDefault(d.keyID, d.as+"-1"), orDefault(d.key, keyFile(d.as)), orDefault(d.gatewayKey, publicFile))
	if err != nil {
		return nil, err
	}
	wanted.BaseURL = orDefault(d.url, settings.OpsURL())
	wanted.HTTP = &http.Client{Timeout: deskTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	opened, err := client.New(wanted)
	return &desk{opened, d}, err
}

// call asks and gives the standing that the gateway answers with.
func (d *desk) call(ctx context.Context, path string, body []byte) (*app.PolicyStanding, error) {
	reply, err := d.Call(ctx, path, body)
	switch {
	case errors.Is(err, client.ErrUntrusted):
		return nil, codedError{exitUntrusted, fmt.Errorf("%w; does the gateway have policies.require: signed, and is this its operators' address?", err)}
	case err != nil:
		return nil, fmt.Errorf("%w; does the gateway run, and is --gateway its operators' address?", err)
	case !reply.OK():
		return nil, codedError{exitProblem, deskProblem(reply)}
	}
	var standing app.PolicyStanding
	return &standing, json.Unmarshal(reply.Body, &standing)
}

func deskProblem(reply *client.Reply) error {
	var detail struct{ Detail string }
	if json.Unmarshal(reply.Body, &detail) == nil && detail.Detail != "" {
		return fmt.Errorf("%w\n%s", problemOf(reply), detail.Detail)
	}
	return problemOf(reply)
}

func policyPublishCommand() *cobra.Command {
	var d deskOptions
	command := &cobra.Command{
		Use:   "publish BUNDLE",
		Short: "bring an approved bundle into force: all nodes that share the journal switch together, without a failed request",
		Long: "The gateway checks form and signatures, tries the bundle out in a bounded process, computes itself whether it widens, and counts the\n" +
			"approvals. Instead of this command the file may be put where policies.source looks.",
		Args: cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			packed, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			gateway, err := d.open()
			if err != nil {
				return err
			}
			standing, err := gateway.call(command.Context(), policydesk.PublishPath, packed)
			if err != nil {
				return err
			}
			fmt.Fprintf(command.OutOrStdout(), "in force: %s, approved by %v\n", standing.Standing.Active.Revision, standing.Standing.Active.Approved)
			return nil
		},
	}
	d.flags(command)
	return command
}

func revisionOf(active *publish.Active) string {
	return orDefault(active.Revision, "the policies that the gateway starts with")
}

func policyRevisionsCommand() *cobra.Command {
	var d deskOptions
	command := &cobra.Command{
		Use:   "revisions",
		Short: "which policies are in force, since when, by whom, on which nodes, and what was in force before",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			gateway, err := d.open()
			if err != nil {
				return err
			}
			told, err := gateway.call(command.Context(), policydesk.StandingPath, nil)
			if err != nil {
				return err
			}
			return printRevisions(command, told)
		},
	}
	d.flags(command)
	return command
}

func printRevisions(command *cobra.Command, told *app.PolicyStanding) error {
	table := tabwriter.NewWriter(command.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\tREVISION\tSINCE\tAUTHOR\tAPPROVED\tNOTE")
	row := func(mark string, a *publish.Active) {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%v\t%s\n", mark, revisionOf(a), moment(a.Since), orDefault(a.Author, "-"), a.Approved, orDefault(a.Reason, a.Note))
	}
	row("in force", &told.Standing.Active)
	for i := len(told.Standing.Former) - 1; i >= 0; i-- {
		row("before", &told.Standing.Former[i])
	}
	fmt.Fprintln(table, "NODE\tREVISION\tSINCE\t\t\t")
	for _, node := range told.Nodes {
		fmt.Fprintf(table, "%s\t%s\t%s\t\t\t\n", node.Node, node.Revision, moment(node.Since))
	}
	return table.Flush()
}

func moment(at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	return at.Local().Format(time.DateTime)
}
