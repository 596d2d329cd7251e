package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// selection is how parked deliveries are selected, by flags.
type selection struct {
	Platform string `json:"platform,omitempty"`
	Code     string `json:"code,omitempty"`
	From     string `json:"from,omitempty"`
	Until    string `json:"until,omitempty"`
	Limit    int    `json:"limit,omitempty"`
	Token    string `json:"token,omitempty"`
	all      bool
}

func (s *selection) flags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&s.Platform, "platform", "", "only those of this platform")
	flags.StringVar(&s.Code, "code", "", "only those refused with this code, such as source-refused")
	flags.StringVar(&s.From, "from", "", "only those parked at this time or later (RFC 3339, such as 2026-11-24T09:00:00+08:00)")
	flags.StringVar(&s.Until, "until", "", "only those parked before this time")
}

// parkedDelivery is a delivery that waits for an operator.
type parkedDelivery struct {
	Platform, Licence, Code string
	Version                 uint64
	Since                   time.Time
	Attempts                int
}

func changesParkedCommand(o *operatorOptions) *cobra.Command {
	var s selection
	command := &cobra.Command{
		Use: "parked", Short: "list deliveries that were refused and wait, the oldest first", Args: cobra.NoArgs,
		RunE: acting(o, func(as *operator, _ []string) error {
			var list struct {
				Total  int
				Parked []parkedDelivery
			}
			if err := as.post(as.command.Context(), "/changes/parked", s, &list); err != nil {
				return err
			}
			if list.Total == 0 {
				if err := as.receives(as.command.Context(), s.Platform); err != nil {
					return err
				}
			}
			if !as.json {
				showParked(as, list.Parked)
			}
			as.say("%s waiting, %d shown\n", plural(list.Total, "refused notice"), len(list.Parked))
			return nil
		}),
	}
	s.flags(command)
	command.Flags().IntVar(&s.Limit, "limit", 100, "how many at most, up to 1000")
	return command
}

func showParked(as *operator, list []parkedDelivery) {
	table := tabwriter.NewWriter(as.command.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PLATFORM\tLICENCE\tVERSION\tCODE\tSINCE\tATTEMPTS")
	for _, p := range list {
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\t%d\n", p.Platform, p.Licence, p.Version, p.Code, shortTime(p.Since), p.Attempts)
	}
	table.Flush()
}

// preview is a frozen selection.
type preview struct {
	Token string
	Count int
	First []parkedDelivery
}

// orders adds the flags of an action: what it is about must be said, and all of it in so many words.
func (s *selection) orders(command *cobra.Command) {
	s.flags(command)
	command.Flags().BoolVar(&s.all, "all", false, "everything that waits")
	command.MarkFlagsOneRequired("platform", "code", "from", "until", "all", "token")
	command.MarkFlagsMutuallyExclusive("all", "token")
	for _, flag := range []string{"platform", "code", "from", "until"} {
		command.MarkFlagsMutuallyExclusive("all", flag)
		command.MarkFlagsMutuallyExclusive("token", flag)
	}
}

// receives is an error if the gateway has no such receiving platform: a misspelt name selects nothing, which looks like success.
func (o *operator) receives(ctx context.Context, platform string) error {
	if platform == "" {
		return nil
	}
	var status struct{ Platforms []platformStatus }
	if err := o.get(ctx, "/changes/status", &status); err != nil {
		return err
	}
	var known []string
	for _, p := range status.Platforms {
		if p.Platform == platform {
			return nil
		}
		known = append(known, p.Platform)
	}
	return fmt.Errorf("the gateway tells nothing to a platform %q; it tells %s", platform, strings.Join(known, ", "))
}

// previewed shows what an action will be about, and asks for a confirmation. nil: there is nothing to do.
func previewed(ctx context.Context, as *operator, s selection, yes bool) (*preview, error) {
	s.Limit = 0
	if s.Token != "" {
		s = selection{Token: s.Token}
	}
	var p preview
	if err := as.post(ctx, "/changes/preview", s, &p); err != nil {
		return nil, err
	}
	if p.Count == 0 {
		as.say("nothing waits that is selected\n")
		return nil, as.receives(ctx, s.Platform)
	}
	as.say("%s selected; the first:\n", plural(p.Count, "refused notice"))
	for _, d := range p.First {
		as.say("  %s  %s  version %d  %s  since %s\n", d.Platform, d.Licence, d.Version, d.Code, shortTime(d.Since))
	}
	return &p, as.confirmed(yes, p.Count)
}
