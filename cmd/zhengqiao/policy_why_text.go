package main

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/zhengqiao/zhengqiao/policies/authoring/why"
)

// ruleText is one line of a policy, as it was in that revision.
type ruleText struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

// ruleTexts gives the text of each rule that the decision names, or that came nearest, by file:line.
func (t *toldDecision) ruleTexts(wanted bool) map[string][]ruleText {
	if !wanted {
		return nil
	}
	texts := map[string][]ruleText{}
	for _, place := range placesIn(t.explained) {
		if lines := t.rule(place); len(lines) > 0 {
			texts[place] = lines
		}
	}
	return texts
}

func placesIn(explained *why.Explanation) (places []string) {
	for _, rule := range explained.Rules {
		places = append(places, rule.Place)
	}
	for _, obstacle := range slices.Concat(explained.Reasons, explained.Withheld) {
		if obstacle.Nearest != nil {
			places = append(places, obstacle.Nearest.Place)
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// rule gives the lines of the rule that begins at a place: up to the blank line behind it, as the formatter sets rules apart.
func (t *toldDecision) rule(place string) (lines []ruleText) {
	file, number, _ := strings.Cut(place, ":")
	first, err := strconv.Atoi(number)
	content, readErr := fs.ReadFile(t.files, file)
	if err != nil || readErr != nil || first < 1 {
		return nil
	}
	for i, text := range strings.Split(string(content), "\n") {
		switch {
		case i+1 < first:
		case strings.TrimSpace(text) == "":
			return lines
		default:
			lines = append(lines, ruleText{i + 1, text})
		}
	}
	return lines
}

func printRuleTexts(out io.Writer, texts map[string][]ruleText) error {
	if len(texts) == 0 {
		return nil
	}
	fmt.Fprintln(out, "\nText of the rules in that revision / 该版本中的规则原文")
	for _, place := range slices.Sorted(maps.Keys(texts)) {
		fmt.Fprintf(out, "  %s\n", place)
		for _, line := range texts[place] {
			if _, err := fmt.Fprintf(out, "    %4d  %s\n", line.Line, line.Text); err != nil {
				return err
			}
		}
	}
	return nil
}
