package mutation

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
)

// Options say how to run.
type Options struct {
	Parallel int                               // mutants at a time; 0: one for each processor
	Only     func(id string) bool              // which mutants; nil: all
	Progress func(done, all int, survived int) // told after each mutant, one call at a time; nil: nobody
	Killed   func(mutant *Mutant, by string)   // told of each killed or refused mutant at the end, in order; nil: nobody
	Clock    func() time.Time                  // nil: not measured
}

// Report is what became of all mutants.
type Report struct {
	Mutants   int
	Refused   int // the engine would not load them
	Killed    int
	Survivors []*Mutant     // that nothing noticed and nobody explained, in order
	Explained []*Mutant     // that nothing noticed, as explained
	Stale     []Explanation // of mutants that are killed by now, or that there are none of
	Took      time.Duration
}

// Run judges every mutant of a folder. The result is the same each time, however many run at a time.
func Run(ctx context.Context, opened *folder.Folder, options Options) (*Report, error) {
	began := options.now()
	explanations, err := Explanations(opened.FS)
	if err != nil {
		return nil, err
	}
	j, err := newJudge(opened)
	if err != nil {
		return nil, err
	}
	if err := j.inOrder(ctx); err != nil {
		return nil, err
	}
	mutants := chosen(All(opened.Draft), options.Only)
	verdicts, err := j.all(ctx, mutants, options)
	if err != nil {
		return nil, err
	}
	report := sum(mutants, verdicts, explanations, options)
	report.Took = options.now().Sub(began)
	return report, nil
}

func (o Options) now() time.Time {
	if o.Clock == nil {
		return time.Time{}
	}
	return o.Clock()
}

// inOrder makes sure that what is judged by passes without a mistake, and keeps what it finds out on the way.
func (j *judge) inOrder(ctx context.Context) error {
	program, err := j.compiled(ctx, &Mutant{}, j.opened.Draft)
	if err != nil {
		return fmt.Errorf("the policies don't load: %w", err)
	}
	for _, one := range j.tests {
		if one.fails(ctx, program) {
			return fmt.Errorf("a test fails without any mistake: %s", one.name)
		}
	}
	j.base, j.reach = program, reach(program.Compiler())
	return ctx.Err()
}

// all judges the mutants side by side.
func (j *judge) all(ctx context.Context, mutants []*Mutant, options Options) ([]verdict, error) {
	verdicts := make([]verdict, len(mutants))
	finished := make(chan int)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(options.Parallel, 0) + 1)
	if options.Parallel <= 0 {
		group.SetLimit(runtime.GOMAXPROCS(0) + 1)
	}
	group.Go(func() error { return follow(ctx, finished, verdicts, options.Progress) })
	for i, mutant := range mutants {
		group.Go(func() error {
			got, err := j.verdict(ctx, mutant)
			if err != nil {
				return err
			}
			verdicts[i] = got
			select {
			case finished <- i:
			case <-ctx.Done():
			}
			return ctx.Err()
		})
	}
	return verdicts, group.Wait()
}

// follow tells of progress.
func follow(ctx context.Context, finished <-chan int, verdicts []verdict, tell func(done, all, survived int)) error {
	survived := 0
	for done := 1; done <= len(verdicts); done++ {
		select {
		case i := <-finished:
			if verdicts[i].survived() {
				survived++
			}
		case <-ctx.Done():
			return ctx.Err()
		}
		if tell != nil {
			tell(done, len(verdicts), survived)
		}
	}
	return nil
}

func sum(mutants []*Mutant, verdicts []verdict, explanations []Explanation, options Options) *Report {
	report := &Report{Mutants: len(mutants)}
	used := map[string]bool{}
	for i, mutant := range mutants {
		switch got := verdicts[i]; {
		case got.refused:
			report.Refused++
			options.killed(mutant, "check")
		case got.killer != "":
			report.Killed++
			options.killed(mutant, got.killer)
		case explained(explanations, mutant.ID):
			used[mutant.ID] = true
			report.Explained = append(report.Explained, mutant)
		default:
			report.Survivors = append(report.Survivors, mutant)
		}
	}
	for _, explanation := range explanations {
		if (options.Only == nil || options.Only(explanation.Mutant)) && !used[explanation.Mutant] {
			report.Stale = append(report.Stale, explanation)
		}
	}
	return report
}

func (o Options) killed(mutant *Mutant, by string) {
	if o.Killed != nil {
		o.Killed(mutant, by)
	}
}
