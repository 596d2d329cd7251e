package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies/authoring/why"
)

// printedExplanation is an explanation as JSON.
type printedExplanation struct {
	Revision  string                           `json:"revision"`
	Allow     bool                             `json:"allow"`
	Assurance string                           `json:"assurance"`
	Freshness string                           `json:"freshness,omitempty"`
	AgeBound  string                           `json:"ageBound"`
	Rules     []why.Rule                       `json:"rules"`
	Reasons   []why.Obstacle                   `json:"reasons"`
	Shown     map[exchange.Field]exchange.Mask `json:"shown"`
	ShownBy   map[exchange.Field]string        `json:"shownBy"`
	Withheld  []why.Obstacle                   `json:"withheld"`
}

func printed(explained *why.Explanation) printedExplanation {
	answer := &explained.Answer
	return printedExplanation{
		answer.Revision, answer.Allow, answer.Assurance, answer.Freshness, answer.AgeBound.String(), explained.Rules,
		explained.Reasons, answer.Grants, answer.GrantedBy, explained.Withheld,
	}
}

func printExplanation(out io.Writer, explained *why.Explanation, asJSON bool) error {
	answer := &explained.Answer
	if asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(printed(explained))
	}
	verdict := "REFUSED 拒绝"
	if answer.Allow {
		verdict = fmt.Sprintf("ALLOWED 允许 (data %s, at most %s old)", answer.Freshness, answer.AgeBound)
	}
	fmt.Fprintf(out, "%s, assurance %s\n", verdict, answer.Assurance)
	printObstacles(out, "\nWhy it is refused / 拒绝原因", explained.Reasons)
	printShown(out, explained)
	printObstacles(out, "\nWithheld / 不予提供", explained.Withheld)
	fmt.Fprintln(out, "\nRules / 规则")
	for _, rule := range explained.Rules {
		fmt.Fprintf(out, "  %s  %s\n", rule.Name, rule.Place)
	}
	return nil
}

func printShown(out io.Writer, explained *why.Explanation) {
	if len(explained.Answer.Grants) == 0 {
		return
	}
	fmt.Fprintln(out, "\nShown / 显示")
	for _, field := range slices.Sorted(maps.Keys(explained.Answer.Grants)) {
		fmt.Fprintf(out, "  %-16s %-9s %s\n", field, explained.Answer.Grants[field], explained.Answer.GrantedBy[field])
	}
}

func printObstacles(out io.Writer, title string, obstacles []why.Obstacle) {
	if len(obstacles) == 0 {
		return
	}
	fmt.Fprintln(out, title)
	for _, one := range obstacles {
		name := one.Code
		if one.Field != "" {
			name = fmt.Sprintf("%s: %s", one.Field, one.Code)
		}
		fmt.Fprintf(out, "  %s (%s)\n    %s\n    %s\n", name, one.Rule, one.Text.ZH, one.Text.EN)
		if one.Condition == nil {
			continue
		}
		fmt.Fprintf(out, "    nearest rule / 最接近的规则: %s  %s\n    first condition that failed / 首个不满足的条件: %s  %s\n",
			one.Nearest.Name, one.Nearest.Place, one.Condition.Text, one.Condition.Place)
		if len(one.Condition.Values) > 0 {
			var values []string
			for _, name := range slices.Sorted(maps.Keys(one.Condition.Values)) {
				values = append(values, name+" = "+one.Condition.Values[name])
			}
			fmt.Fprintf(out, "      %s\n", strings.Join(values, ", "))
		}
	}
}
