package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/casebook"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
	"github.com/zhengqiao/zhengqiao/policies/authoring/why"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

type policyEval struct {
	input, persona string
	asJSON         bool
}

func policyEvalCommand() *cobra.Command {
	var p policyEval
	command := &cobra.Command{
		Use:   "eval [DIR]",
		Short: "decide one request and say why: rules, reasons, fields with masks, and the first condition that stood in the way",
		Long: "The request is written as in a case of cases/*.yaml (operation, platform, region, age, purpose, authentications, wanted, maxAge,\n" +
			"vehicles), as YAML or JSON; or it is an input document as schema/input.json describes it, which is known by its member \"now\".\n" +
			"With --persona it begins with a licence query about that test citizen, and --input changes it member by member.",
		Args: cobra.MaximumNArgs(1),
		RunE: p.run,
	}
	flags := command.Flags()
	flags.StringVar(&p.input, "input", "", "file with the request; - for standard input")
	flags.StringVar(&p.persona, "persona", "", "test citizen to begin with, such as normal-shanghai (personas.json of the demo lists them)")
	flags.BoolVar(&p.asJSON, "json", false, "print JSON")
	command.MarkFlagsOneRequired("input", "persona")
	return command
}

func (p *policyEval) run(command *cobra.Command, args []string) error {
	opened, err := openPolicyFolder(args)
	if err != nil {
		return err
	}
	question, err := p.question(command.Context(), opened.Draft, command.InOrStdin())
	if err != nil {
		return err
	}
	program, err := trial.New(command.Context(), opened.Draft, nil)
	if err != nil {
		return policyFault(err)
	}
	explained, err := why.Explain(command.Context(), program, question)
	if err != nil {
		return policyFault(err)
	}
	return printExplanation(command.OutOrStdout(), explained, p.asJSON)
}

// question reads the request, over the persona's if there is one.
func (p *policyEval) question(ctx context.Context, draft *policies.Draft, stdin io.Reader) (trial.Question, error) {
	members := map[string]any{}
	if p.persona != "" {
		about, err := personaRequest(p.persona)
		if err != nil {
			return trial.Question{}, err
		}
		members = about
	}
	written, err := p.read(stdin)
	if err != nil {
		return trial.Question{}, err
	}
	if _, isDocument := written["now"]; isDocument {
		if p.persona != "" {
			return trial.Question{}, errors.New("an input document is whole: leave out --persona")
		}
		return trial.FromDocument(ctx, draft, written)
	}
	request, err := casebook.Request(casebook.Overlay(members, written))
	if err != nil {
		return trial.Question{}, fmt.Errorf("the request: %w", err)
	}
	return trial.NewQuestion(*request)
}

func (p *policyEval) read(stdin io.Reader) (map[string]any, error) {
	var content []byte
	var err error
	switch p.input {
	case "":
		return nil, nil
	case "-":
		content, err = io.ReadAll(stdin)
	default:
		content, err = os.ReadFile(p.input)
	}
	if err != nil {
		return nil, err
	}
	var members map[string]any
	if err := yaml.Unmarshal(content, &members); err != nil {
		return nil, fmt.Errorf("%s: %w", p.input, err)
	}
	return members, nil
}

// personaRequest asks as the demo does: the citizen's own platform, for his own record, by face.
func personaRequest(key string) (map[string]any, error) {
	registry, err := citizen.New(0, casebook.Noon(), 0)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, persona := range registry.Personas() {
		if keys = append(keys, persona.Key); persona.Key != key {
			continue
		}
		return map[string]any{
			"operation": string(exchange.LicenceQuery), "platform": persona.AskAs, "region": persona.Region,
			"age":             ageOf(persona.IDNumber, casebook.Noon()),
			"purpose":         map[string]any{"code": "self-query", "matter": "QT-0001", "operator": "self", "legalBasis": "consent"},
			"authentications": []any{map[string]any{"method": "face", "at": 60, "similarity": 0.97}},
		}, nil
	}
	return nil, fmt.Errorf("there is no persona %q; there are %v", key, keys)
}

func ageOf(number string, at time.Time) int {
	id, err := exchange.ParseIDNumber(number, at)
	if err != nil {
		return 0
	}
	return id.BirthDate().FullYears(exchange.Today(at))
}
