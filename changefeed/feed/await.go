package feed

import (
	"context"
	"time"
)

// lookAgain is the time between two looks for batches that other gateways have stored. Those of this one are noticed at once.
const lookAgain = time.Second

// Await is Read that waits while there is nothing behind the cursor, until patience ends; then the page is empty, which is no error.
// ctx bounds the reading itself; patience is made from it.
func (f *Feeds) Await(ctx, patience context.Context, platform, after string, limit int) (Page, error) {
	l := f.lines[platform]
	if l == nil {
		return Page{}, ErrNoFeed
	}
	look := time.NewTicker(lookAgain)
	defer look.Stop()
	for {
		_, news := l.known() // before reading, so that nothing slips through between the two
		page, err := f.Read(ctx, platform, after, limit)
		if err != nil || len(page.Changes) > 0 {
			return page, err
		}
		select {
		case <-patience.Done():
			return page, nil
		case <-news:
		case <-look.C:
		}
	}
}
