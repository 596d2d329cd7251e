package app

import (
	"context"
	"io/fs"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// Selection says which decisions are meant.
type Selection struct {
	Since, Until time.Time // zero Until: all that there are
	Platform     string    // empty: all
}

func (s *Selection) takes(entry *evidence.Entry) bool {
	return !entry.Time.Before(s.Since) && (s.Until.IsZero() || entry.Time.Before(s.Until)) && (s.Platform == "" || entry.Platform == s.Platform)
}

// Inputs gives the input of each recorded decision that is selected, log by log. Progress is told now and then how many records were
// read, and of how many.
func (t *Trail) Inputs(ctx context.Context, s Selection, visit func(*impact.Input) error, progress func(read, all uint64)) error {
	stretches, err := t.Since(ctx, s.Since)
	if err != nil {
		return err
	}
	var read, all uint64
	for _, one := range stretches {
		all += one.Left()
	}
	for _, one := range stretches {
		err := one.Each(ctx, func(entry *evidence.Entry) error {
			if read++; read%progressEvery == 0 {
				progress(read, all)
			}
			return s.visit(entry, visit)
		})
		if err != nil {
			return err
		}
	}
	progress(all, all)
	return nil
}

// Newest gives the inputs among the newest records of some logs, of each as many: the newest of each first.
func (t *Trail) Newest(ctx context.Context, records uint64, logs ...string) ([]impact.Input, error) {
	var all []impact.Input
	for _, name := range logs {
		reader, err := t.journal.LogReader(ctx, name)
		if err != nil {
			return nil, err
		}
		head := reader.Head()
		one := Stretch{Log: name, Next: head - min(head, records/uint64(len(logs))), Head: head, reader: reader}
		var inputs []impact.Input
		err = one.Each(ctx, func(entry *evidence.Entry) error {
			if in, ok := impact.FromRecord(&entry.Record); ok {
				inputs = append(inputs, in)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		slices.Reverse(inputs)
		all = append(all, inputs...)
	}
	return all, nil
}

// replayed bounds what the console decides again: records that are looked at.
const replayed = 20_000

// replayInputs gives the inputs of the newest recorded decisions of all nodes.
func (a *App) replayInputs(ctx context.Context) ([]impact.Input, error) {
	logs, err := recordLogs(ctx, a.journal)
	if err != nil {
		return nil, err
	}
	return a.trail().Newest(ctx, replayed, logs...)
}

func (a *App) trail() *Trail { return &Trail{a.journal} }

// progressEvery is after how many records progress is told.
const progressEvery = 1000

func (s *Selection) visit(entry *evidence.Entry, visit func(*impact.Input) error) error {
	if !s.takes(entry) {
		return nil
	}
	in, ok := impact.FromRecord(&entry.Record)
	if !ok {
		return nil
	}
	return visit(&in)
}

// PolicyFiles gives the policies that the configuration puts in force: its folder, or those inside the program.
func PolicyFiles(c *config.Config) fs.FS { return policyFiles(c) }
