package changebench

import (
	"encoding/json"
	"fmt"
	"io"
)

// JSON writes the report for programs.
func (r *Report) JSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Table writes the report for people, each figure beside its target.
func (r *Report) Table(out io.Writer) error {
	fmt.Fprintf(out, "%s, %d processors; gateway, receiving platforms and load in one process\n\n", r.System, r.Processors)
	fmt.Fprintf(out, "accepted, %d callers, nobody told: %.0f changes/s (target 3,000)\n", r.Callers, r.AcceptPerSec)
	r.AcceptCost.table(out, "each")
	for _, c := range r.CatchUp {
		fmt.Fprintf(out, "%d platform(s) caught up on %d changes in %.1f s, %.0f/s each (target 60 s)\n", c.Platforms, r.Pending, c.Seconds, c.PerSecond)
		c.Cost.table(out, "each platform, each change")
	}
	for _, d := range []struct {
		name string
		Delay
	}{
		{"accepted to applied at all four platforms (target p99 200 ms)", r.Steady},
		{"the same at a lower rate", r.BesideBefore},
		{"the same while a fifth platform catches up (target: 10 % more)", r.BesideCatchUp},
	} {
		fmt.Fprintf(out, "%s: %d changes at %d/s, p50 %.1f ms, p99 %.1f ms, slowest %.1f ms\n", d.name, d.Changes, d.PerSecond, d.P50, d.P99, d.Slowest)
		d.Cost.table(out, "each, with what else went on")
	}
	fmt.Fprintf(out, "  told to the fifth meanwhile: %d licences\n", r.BesideFifth)
	for _, g := range r.Growth {
		if _, err := fmt.Fprintf(out, "%d licences known: %.1f MB of heap, %.1f MB on disk\n", g.Licences, g.HeapMB, g.DiskMB); err != nil {
			return err
		}
	}
	return r.Country.table(out)
}

func (n *Need) table(out io.Writer) error {
	if n == nil {
		return nil
	}
	_, err := fmt.Fprintf(out, "a million licences more: %.1f MB of heap, %.0f MB on disk; computed for %.0f million drivers in %d provinces, a cluster of %d gateways each: "+
		"%.1f GB of heap and %.0f GB on disk for each gateway of an average province, %.1f TB on all disks\n",
		n.HeapMBPerMillion, n.DiskMBPerMillion, drivers/1e6, provinces, replicas, n.NodeHeapGB, n.NodeDiskGB, n.CountryDiskTB)
	return err
}
