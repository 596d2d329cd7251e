package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
	"github.com/zhengqiao/zhengqiao/policies/authoring/why"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

func policyExplainCommand() *cobra.Command {
	config, asJSON, text := "", false, true
	command := &cobra.Command{
		Use:   "explain ID",
		Short: "say why a recorded request was decided as it was: input, rules, the first condition that stood in the way, and their text",
		Long: "The record is found in the journal of the configuration (a stopped gateway's, a cold copy, or a cluster's while it runs) and decided\n" +
			"again by the policies that decided it then, which the journal keeps. ID is decision.id of an answer or a problem.",
		Args: cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, args []string) error {
			var told *toldDecision
			err := withArchive(command.Context(), config, "", func(archive *app.Archive) (err error) {
				told, err = explainDecision(command.Context(), archive.Trail(), args[0])
				return err
			})
			if err != nil {
				return err
			}
			return told.print(command.OutOrStdout(), asJSON, text)
		},
	}
	flags := command.Flags()
	flags.StringVar(&config, "config", "zhengqiao.yaml", "the gateway's configuration, for its journal and keys")
	flags.BoolVar(&asJSON, "json", false, "print JSON")
	flags.BoolVar(&text, "text", true, "print the text of the rules of that revision")
	return command
}

// toldDecision is a recorded decision with its explanation.
type toldDecision struct {
	found     *app.Found
	input     impact.Input
	explained *why.Explanation
	files     fs.FS // of the revision
}

func explainDecision(ctx context.Context, trail *app.Trail, id string) (*toldDecision, error) {
	found, err := trail.Find(ctx, id)
	if errors.Is(err, evidence.ErrNoRecord) {
		return nil, fmt.Errorf("the journal has no decision %s; of ids given out before version 7 only their receipts tell the place: zhengqiao records show INDEX", id)
	}
	if err != nil {
		return nil, err
	}
	input, ok := impact.FromRecord(&found.Entry.Record)
	if !ok || input.Announcement() {
		return nil, fmt.Errorf("record %d of log %s is of a request that was not decided on: its outcome is %s", found.Index, found.Log, found.Entry.Outcome)
	}
	told := &toldDecision{found: found, input: input}
	if told.files, err = trail.Policies(ctx, input.Revision); err != nil {
		return nil, err
	}
	draft, err := policies.ReadDraft(told.files, smcrypto.NewSM3)
	if err != nil {
		return nil, err
	}
	return told, told.explain(ctx, draft)
}

func (t *toldDecision) explain(ctx context.Context, draft *policies.Draft) error {
	program, err := trial.New(ctx, draft, nil)
	if err != nil {
		return err
	}
	question, err := trial.NewQuestion(t.input.Request())
	if err != nil {
		return err
	}
	t.explained, err = why.Explain(ctx, program, question)
	return err
}

func (t *toldDecision) print(out io.Writer, asJSON, text bool) error {
	if asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(struct {
			Log      string                `json:"log"`
			Index    uint64                `json:"index"`
			Outcome  string                `json:"outcome"`
			Input    impact.Input          `json:"input"`
			Decision printedExplanation    `json:"decision"`
			Text     map[string][]ruleText `json:"text,omitempty"`
		}{t.found.Log, t.found.Index, t.found.Entry.Outcome, t.input, printed(t.explained), t.ruleTexts(text)})
	}
	fmt.Fprintf(out, "%s  %s, record %d\noutcome 结果: %s\nrevision 策略版本: %s\n\nInput / 输入\n", t.input.ID, t.found.Log, t.found.Index, t.found.Entry.Outcome, t.input.Revision)
	encoder := json.NewEncoder(out)
	encoder.SetIndent("  ", "  ")
	fmt.Fprint(out, "  ")
	if err := encoder.Encode(t.input); err != nil {
		return err
	}
	fmt.Fprintln(out)
	if err := printExplanation(out, t.explained, false); err != nil {
		return err
	}
	return printRuleTexts(out, t.ruleTexts(text))
}
