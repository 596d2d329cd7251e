package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// FeedPlace is how far a reader has come in its platform's feed. Whoever keeps it together with what was read goes on without loss;
// the zero place is the beginning.
type FeedPlace struct {
	Cursor string `json:"cursor"`
	Number uint64 `json:"number"` // of the last change that was read
}

// FeedChange is one change. It may come twice: a reader that has the version of the licence, or a higher one, passes over it.
type FeedChange struct {
	Number     uint64          `json:"number"`
	Licence    string          `json:"licence"` // the licence's key
	Version    uint64          `json:"version"`
	Events     []FeedEvent     `json:"events"`           // empty: what stands is said again
	Fields     json.RawMessage `json:"fields,omitempty"` // an object; nil where thin content was agreed upon
	Masked     []string        `json:"masked,omitempty"`
	Region     string          `json:"region"`
	HappenedAt time.Time       `json:"happenedAt,omitzero"`
	Origin     string          `json:"origin"`
	Via        []string        `json:"via"`
}

// FeedEvent is one thing that changed. Unknown kinds are to be passed over.
type FeedEvent struct {
	Kind   string `json:"kind"`
	Letter string `json:"letter,omitempty"`
}

// FeedPage is a stretch of the feed that was proved to follow the place that it was asked for.
type FeedPage struct {
	Changes []FeedChange
	Place   FeedPlace // behind the last change
	Last    uint64    // number of the newest change in the feed
}

// ErrFeedGap says that a stretch does not follow the place that it was asked for, or has a hole. Nothing of it was handed out.
var ErrFeedGap = errors.New("the feed has a hole")

// ProblemError is an answer that is provably the gateway's and says no.
type ProblemError struct {
	Code  string // of the problem catalogue
	Reply *Reply
}

// Error gives status and code.
func (p *ProblemError) Error() string {
	return fmt.Sprintf("the gateway answered %d %s", p.Reply.Status, p.Code)
}

// ReadFeed reads up to limit changes behind a place, and waits up to wait, in whole seconds and at most 30, while there are none.
//
// Errors: [ErrFeedGap], [ErrUntrusted], a [*ProblemError], the transport's.
func (c *Client) ReadFeed(ctx context.Context, from FeedPlace, limit int, wait time.Duration) (FeedPage, error) {
	query := url.Values{"limit": {strconv.Itoa(limit)}, "wait": {strconv.Itoa(int(wait / time.Second))}}
	if from.Cursor != "" {
		query.Set("after", from.Cursor)
	}
	reply, err := c.Call(ctx, ChangesPath+"?"+query.Encode(), nil)
	if err != nil {
		return FeedPage{}, err
	}
	if reply.Status != http.StatusOK {
		return FeedPage{}, problemOf(reply)
	}
	return readPage(reply.Body, from)
}

func problemOf(reply *Reply) error {
	var problem struct{ Code string }
	if err := json.Unmarshal(reply.Body, &problem); err != nil {
		return fmt.Errorf("client: status %d without a problem: %w", reply.Status, err)
	}
	return &ProblemError{problem.Code, reply}
}

// readPage holds a stretch to what proves that nothing is missing: it begins right behind the place, counts up without a hole, and
// says how far the feed goes.
func readPage(body []byte, from FeedPlace) (FeedPage, error) {
	var answer struct {
		Feed struct {
			Changes []FeedChange
			First   uint64
			Next    string
			Last    uint64
			More    bool
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return FeedPage{}, fmt.Errorf("client: read the feed: %w", err)
	}
	feed := answer.Feed
	if feed.First != from.Number+1 {
		return FeedPage{}, fmt.Errorf("%w: it goes on with %d behind %d", ErrFeedGap, feed.First, from.Number)
	}
	at := from.Number
	for i := range feed.Changes {
		if at++; feed.Changes[i].Number != at {
			return FeedPage{}, fmt.Errorf("%w: %d stands in the place of %d", ErrFeedGap, feed.Changes[i].Number, at)
		}
	}
	if at > feed.Last || feed.More != (at < feed.Last) || feed.Next == "" {
		return FeedPage{}, fmt.Errorf("%w: it ends at %d of %d", ErrFeedGap, at, feed.Last)
	}
	return FeedPage{feed.Changes, FeedPlace{feed.Next, at}, feed.Last}, nil
}

const (
	followLimit = 500              // the contract's most
	longestWait = 30 * time.Second // and its longest wait
	answerTime  = 5 * time.Second  // what an answer may take apart from the wait
)

// FollowFeed reads a feed from a place on, stretch by stretch, until ctx ends or something fails, and gives each stretch that has
// changes to take. What take has returned from without an error is read: keep the stretch's place with it. It returns ctx's error,
// that of take, or one of [Client.ReadFeed]; where that may pass, begin again from the place that was kept.
func (c *Client) FollowFeed(ctx context.Context, from FeedPlace, take func(FeedPage) error) error {
	for {
		page, err := c.ReadFeed(ctx, from, followLimit, c.patience())
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return err
		}
		if len(page.Changes) > 0 {
			if err := take(page); err != nil {
				return err
			}
		}
		from = page.Place
	}
}

// patience keeps a wait within the time-out of the transport.
func (c *Client) patience() time.Duration {
	if c.config.HTTP.Timeout <= 0 {
		return longestWait
	}
	return min(longestWait, max(time.Second, c.config.HTTP.Timeout-answerTime))
}
