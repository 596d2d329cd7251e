package breakglass_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/breakglass"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// onJournal runs something on marks in a real journal, which is closed again.
func onJournal(t *testing.T, dir string, do func(breakglass.Marks)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	j, err := journal.Open(ctx, journal.Config{Dir: dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := j.Close(ctx); err != nil {
			t.Error(err)
		}
	}()
	marks, err := j.State(ctx, journal.StateConfig{Name: "breakglass"})
	if err != nil {
		t.Fatal(err)
	}
	do(marks)
}

// What was opened before the process ended is what is open after, and no longer.
func TestOpeningsOutliveTheProcess(t *testing.T) {
	t.Parallel()
	r, dir := newRig(), t.TempDir()
	var opening breakglass.Opening
	onJournal(t, dir, func(marks breakglass.Marks) {
		r.Desk = r.on(marks)
		opening = r.open(t, "li")
	})
	onJournal(t, dir, func(marks breakglass.Marks) {
		r.Desk = r.on(marks)
		if err := r.ask(t, "li", opening.ID, person); err != nil {
			t.Error(err)
		}
		r.wait(10 * time.Minute)
		if got := reason(r.ask(t, "li", opening.ID, person)); got != "breakglass_not_open" {
			t.Errorf("after its time: %q", got)
		}
	})
}
