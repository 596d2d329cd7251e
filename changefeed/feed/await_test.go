package feed

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// await waits in the background for news behind a cursor.
func await(f *Feeds, after string, wait time.Duration) chan Page {
	got := make(chan Page, 1)
	go func() {
		patience, cancel := context.WithTimeout(context.Background(), wait)
		defer cancel()
		page, err := f.Await(context.Background(), patience, "zheliban", after, 10)
		if err != nil {
			close(got)
			return
		}
		got <- page
	}()
	return got
}

func TestReaderIsWokenByNews(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ledger := newMemory()
		here, there := newFeeds(t, ledger), newFeeds(t, ledger)
		apply(t, here, notice(1, 1))
		_, end := readAll(t, here, "zheliban", "", 10)
		for name, row := range map[string]struct {
			writer *Feeds
			within time.Duration
		}{"of this gateway": {here, 0}, "of another": {there, lookAgain}} {
			start := time.Now()
			got := await(here, end, 30*time.Second)
			synctest.Wait()
			apply(t, row.writer, notice(2, 1))
			page := <-got
			if took := time.Since(start); len(page.Changes) != 1 || took > row.within {
				t.Errorf("%s: %d changes after %s", name, len(page.Changes), took)
			}
			end = page.Next
		}
	})
}

func TestPatienceEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFeeds(t, newMemory())
		start := time.Now()
		page := <-await(f, "", 30*time.Second)
		if took := time.Since(start); took != 30*time.Second || page.First != 1 || len(page.Changes) != 0 || page.Next == "" {
			t.Errorf("%+v after %s", page, took)
		}
		apply(t, f, notice(1, 1))
		if page := <-await(f, page.Next, 0); len(page.Changes) != 1 {
			t.Errorf("without patience: %+v", page)
		}
		if _, err := f.Await(t.Context(), t.Context(), "nobody", "", 1); !errors.Is(err, ErrNoFeed) {
			t.Errorf("a platform without a feed: %v", err)
		}
		if _, err := f.Await(t.Context(), t.Context(), "zheliban", "x", 1); !errors.Is(err, ErrCursor) {
			t.Errorf("a cursor that is none: %v", err)
		}
	})
}
