package app

import (
	"context"
	"io/fs"
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
