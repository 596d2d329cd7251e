package gateway

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/changefeed/feed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/api"
)

// Feeds gives the changes that platforms fetch themselves; [feed.Feeds] is one.
type Feeds interface {
	// Await gives what is behind a cursor, and waits for it until patience ends. Its errors are those of [feed.Feeds.Read].
	Await(ctx, patience context.Context, platform, after string, limit int) (feed.Page, error)
}

// defaultStretch is the contract's default of limit.
const defaultStretch = 100

// ReadChanges answers GET /v1/changes for the platform that signed. What it shows was decided and recorded when the change was put
// into the platform's feed, so reading it again is not.
func (o operations) ReadChanges(c echo.Context, given api.ReadChangesParams) error {
	v := visitOf(c)
	if len(v.body) > 0 {
		return invalid(fault("", faultBody))
	}
	if o.deps.Feeds == nil {
		return &exchange.Error{Code: exchange.OperationNotOffered}
	}
	after, limit, wait := orElse(given.After, ""), orElse(given.Limit, defaultStretch), orElse(given.Wait, 0)
	patience, cancel := o.patience(c, time.Duration(wait)*time.Second)
	defer cancel()
	page, err := o.deps.Feeds.Await(c.Request().Context(), patience, v.platform.ID, after, limit)
	if err != nil {
		return notRead(err)
	}
	body, err := json.Marshal(feedAnswer{newFeedPage(&page)})
	if err != nil {
		return exchange.Errorf(exchange.Internal, "encode the feed: %w", err)
	}
	return o.succeed(c, v, body)
}

func orElse[T any](given *T, otherwise T) T {
	if given == nil {
		return otherwise
	}
	return *given
}

// patience ends after the wait, when the reader hangs up, and when the listener begins to stop. The connection's own deadlines are
// put off by as much; one that takes none has none, or is gone, which the answer will notice.
func (o operations) patience(c echo.Context, wait time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(c.Request().Context(), wait)
	if wait > 0 {
		deadline := time.Now().Add(wait + o.deps.Limits.WriteTime)
		connection := http.NewResponseController(c.Response())
		_ = errors.Join(connection.SetReadDeadline(deadline), connection.SetWriteDeadline(deadline))
	}
	known, ok := connectionOf(ctx)
	if !ok {
		return ctx, cancel
	}
	forget := context.AfterFunc(known.serving, cancel)
	return ctx, func() { forget(); cancel() }
}

func notRead(err error) error {
	switch {
	case errors.Is(err, feed.ErrNoFeed):
		return exchange.Errorf(exchange.OperationNotOffered, "read the feed: %w", err)
	case errors.Is(err, feed.ErrCursor):
		return invalid(fault("/after", faultCursor))
	}
	return err
}

// feedAnswer is the contract's FeedAnswer.
type feedAnswer struct {
	Feed feedPage `json:"feed"`
}

type feedPage struct {
	Changes []feedChange `json:"changes"`
	First   uint64       `json:"first"`
	Next    string       `json:"next"`
	Last    uint64       `json:"last"`
	More    bool         `json:"more"`
}

type feedChange struct {
	Number uint64 `json:"number"`
	feed.Change
}

func newFeedPage(page *feed.Page) feedPage {
	wire := feedPage{First: page.First, Next: page.Next, Last: page.Last, More: page.More()}
	for _, change := range page.Changes {
		wire.Changes = append(wire.Changes, feedChange{change.Number, change})
	}
	return wire
}
