package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/zhengqiao/zhengqiao/watch"
)

func healthCommand() *cobra.Command {
	var o operatorOptions
	command := &cobra.Command{
		Use:   "health",
		Short: "show the lights of every adapter of a running gateway, as an operator",
		Long: "Each adapter has four lights: configuration, reachability, freshness, contract. One is grey without an observation. Below the table\n" +
			"stands, for each light that is red or yellow, since when, why and what to do.",
		Args: cobra.NoArgs,
		RunE: acting(&o, func(as *operator, _ []string) error {
			var seen watch.Overview
			if err := as.get(as.command.Context(), "/health", &seen); err != nil {
				return err
			}
			if !as.json {
				showHealth(as, &seen, o.language)
			}
			return nil
		}),
	}
	o.flags(command)
	return command
}

// shapes tell the colours apart without colour.
func shapeOf(colour watch.Colour) string {
	return map[watch.Colour]string{watch.Green: "● ok", watch.Yellow: "▲ soon", watch.Red: "✖ RED", watch.Grey: "○ unseen"}[colour]
}

func showHealth(as *operator, seen *watch.Overview, language string) {
	table := tabwriter.NewWriter(as.command.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ADAPTER\tCONFIGURATION\tREACHABILITY\tFRESHNESS\tCONTRACT\tOK 5 MIN\tP95\tBUDGET LEFT\tWAITING\tPARKED")
	for i := range seen.Adapters {
		a := &seen.Adapters[i]
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%d/%d\t%s\t%.0f%%\t%d\t%d\n", a.ID, shapeOf(a.Lights[0].Colour), shapeOf(a.Lights[1].Colour),
			shapeOf(a.Lights[2].Colour), shapeOf(a.Lights[3].Colour), a.FiveMinutes.Worked, a.FiveMinutes.Tried, seconds(a.SourceLatency.P95),
			100*a.BudgetLeft, a.Pending, a.Parked)
	}
	table.Flush()
	for i := range seen.Adapters {
		for _, light := range seen.Adapters[i].Lights {
			if light.Colour == watch.Red || light.Colour == watch.Yellow {
				as.say("\n%s, %s: %s %s, since %s\n  %s\n  → %s\n", seen.Adapters[i].ID, light.Name, shapeOf(light.Colour), light.Layer,
					shortTime(light.Since), inLanguage(light.Why, language), inLanguage(light.Advice, language))
			}
		}
	}
}

func seconds(value float64) string {
	return time.Duration(value * float64(time.Second)).Round(time.Millisecond).String()
}

func inLanguage(text watch.Text, language string) string {
	if strings.HasPrefix(language, "en") {
		return text.En
	}
	return text.Zh
}
