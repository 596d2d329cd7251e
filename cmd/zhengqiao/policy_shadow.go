package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/policies/impact"
	"github.com/zhengqiao/zhengqiao/policies/shadow"
)

func policyShadowCommand() *cobra.Command {
	var o operatorOptions
	latest := 20
	command := &cobra.Command{
		Use:   "shadow",
		Short: "say where the candidate of policies.shadow differs from the policies in force, on the live requests of a running gateway",
		Long:  "Exit codes: 0 no request was decided otherwise; 9 some were, and none shows more; 10 one shows more.",
		Args:  cobra.NoArgs,
		RunE: acting(&o, func(as *operator, _ []string) error {
			var report shadow.Report
			if err := as.get(as.command.Context(), "/policies/shadow", &report); err != nil {
				return err
			}
			if !as.json {
				showShadow(as, &report, latest)
			}
			return shadowVerdict(&report)
		}),
	}
	o.flags(command)
	command.Flags().IntVar(&latest, "latest", latest, "how many of the latest differences to list")
	return command
}

func showShadow(as *operator, r *shadow.Report, latest int) {
	out := as.command.OutOrStdout()
	fmt.Fprintf(out, "candidate 候选 %s, in force 现行 %s, since 自 %s\n", short(r.Candidate), short(r.Baseline), r.Since.Format(time.RFC3339))
	fmt.Fprintf(out, "same 相同 %d, changed 不同 %d, failed 失败 %d, skipped 跳过 %d, dropped 丢弃 %d\n", r.Same, r.Changed, r.Failed, r.Skipped, r.Dropped)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	defer table.Flush()
	for _, kind := range r.Kinds {
		fmt.Fprintf(table, "%s\t%d\twidens 扩大 %d\n", kind.Kind, kind.Count, kind.Widens)
	}
	for i, found := range r.Latest {
		if i >= latest {
			return
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", shortTime(found.At), found.Platform, found.Purpose, found.Operation, found.ID, changesOf(found.Changes))
	}
}

func changesOf(list []impact.Difference) string {
	var texts []string
	for _, d := range list {
		texts = append(texts, strings.TrimSpace(fmt.Sprintf("%s %s %s", d.Kind, d.Field, strings.Trim(d.From+"→"+d.To, "→"))))
	}
	return strings.Join(texts, "; ")
}

func short(revision string) string { return revision[:min(len(revision), 12)] }

func shadowVerdict(r *shadow.Report) error {
	for _, kind := range r.Kinds {
		if kind.Widens > 0 {
			return codedError{exitWidens, fmt.Errorf("the candidate shows more / 候选策略扩大了可见范围")}
		}
	}
	if r.Changed+r.Failed > 0 {
		return codedError{exitChanges, fmt.Errorf("the candidate decides otherwise / 候选策略的决定不同")}
	}
	return nil
}
