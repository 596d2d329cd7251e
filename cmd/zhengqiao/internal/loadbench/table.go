package loadbench

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// JSON writes the report for programs.
func (r *Report) JSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Table writes the report for people.
func (r *Report) Table(out io.Writer) error {
	fmt.Fprintf(out, "%s, %d processors, load average %s before and %s after; callers and sources in one process, the gateway in another\n\n",
		r.System, r.Processors, r.LoadBefore, r.LoadAfter)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\tasked\tp50 ms\tp99 ms\t200\t429\t503\tothers\tlost\t")
	for _, row := range []struct {
		name string
		Latency
	}{
		{fmt.Sprintf("two steady platforms alone, %d/s each", r.Rate), r.Alone},
		{"the same beside the next two", r.Beside},
		{fmt.Sprintf("a platform that may ask %d/s asks %d/s", r.Quota, greed*r.Quota), r.Greedy},
		{fmt.Sprintf("a platform asks a source of %s, %d/s", slowness, r.Rate), r.Slow},
	} {
		fmt.Fprintf(table, "%s\t%d\t%.1f\t%.1f\t%d\t%d\t%d\t%d\t%d\t\n",
			row.name, row.Asked, row.P50, row.P99, row.Answered, row.Quota, row.Overloaded, row.Others, row.Lost)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\np50 of the steady platforms %+.1f %%, p99 %+.1f %%\n", r.GrowthP50, r.GrowthP99)
	for _, target := range r.Targets {
		verdict := ""
		if !target.Met {
			verdict = "  MISSED"
		}
		if _, err := fmt.Fprintf(out, "%-44s want %-5s got %.1f%s\n", target.Name, target.Want, target.Got, verdict); err != nil {
			return err
		}
	}
	return nil
}
