package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

func atMost(name string, bound, got float64) Target {
	return Target{Name: name, Want: fmt.Sprintf("≤ %v", bound), Got: got, Met: got <= bound}
}

func atLeast(name string, bound, got float64) Target {
	return Target{Name: name, Want: fmt.Sprintf("≥ %v", bound), Got: got, Met: got >= bound}
}

// JSON writes the report for programs.
func (r *Report) JSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Table writes the report for people.
func (r *Report) Table(out io.Writer) error {
	fmt.Fprintf(out, "%s, %d processors, load average %s before and %s after; %d connections; a request has %d bytes, the source's reply %d\n\n",
		r.System, r.Processors, r.LoadBefore, r.LoadAfter, r.Connections, r.RequestBytes, r.SourceBytes)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	r.rows(table)
	if err := table.Flush(); err != nil {
		return err
	}
	for _, target := range r.Targets {
		if _, err := fmt.Fprintf(out, "%-42s want %-7s got %.1f%s\n", target.Name, target.Want, target.Got, verdict(target.Met)); err != nil {
			return err
		}
	}
	return nil
}

func verdict(met bool) string {
	if met {
		return ""
	}
	return "  MISSED"
}

func (r *Report) rows(table io.Writer) {
	fmt.Fprintln(table, "as fast as it goes\trequests/s\tp50 ms\tp99 ms\tCPU µs\tto (a)\tfrom … to\tallocs\tKB\tpeak MB\tready ms\tverified\t")
	for _, x := range r.Results {
		fmt.Fprintf(table, "%s\t%.0f\t%.2f\t%.2f\t%.0f\t%.2f\t%.2f … %.2f\t%.0f\t%.1f\t%.0f\t%d\t%d of %d\t\n", x.Mode.title(), x.PerSecond,
			millis(x.P50), millis(x.P99), x.CPU, x.CPURatio, x.RatioRange[0], x.RatioRange[1], x.Allocs, x.AllocBytes/1e3, float64(x.PeakBytes)/1e6, x.ReadyMillis, x.Verified, x.Requests)
	}
	for i, x := range r.Paced {
		if i == 0 {
			fmt.Fprintf(table, "\t\t\t\t\t\t\t\t\t\t\t\t\nat %d requests/s\trequests\tp50 ms\tp99 ms\tCPU µs\tadded p99 ms\t\t\t\t\t\t\t\n", x.Rate)
		}
		fmt.Fprintf(table, "%s\t%d\t%.2f\t%.2f\t%.0f\t%+.2f\t\t\t\t\t\t\t\n", x.Mode.title(), x.Requests, millis(x.P50), millis(x.P99), x.CPU, millis(x.AddedP99))
	}
	fmt.Fprintln(table)
}

func millis(micros int64) float64 { return float64(micros) / 1000 }
