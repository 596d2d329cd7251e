package console

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// How fresh pages are kept.
const (
	lookEvery  = 2 * time.Second  // for something new
	tellEvery  = 10 * time.Second // pages at least, since they show how long ago things were
	mostListen = 64               // streams at once; a page without one is refreshed by its visitor
)

// news tells all open pages when something has changed. It is safe for concurrent use.
type news struct {
	mu      sync.Mutex
	changed chan struct{} // closed and renewed with each change
	closed  bool
	places  chan struct{}
}

func newNews() *news {
	return &news{changed: make(chan struct{}), places: make(chan struct{}, mostListen)}
}

func (n *news) next() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.changed
}

// tell wakes all listeners; the last time, for good.
func (n *news) tell(last bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return
	}
	close(n.changed)
	if n.closed = last; !last {
		n.changed = make(chan struct{})
	}
}

func (n *news) over() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.closed
}

// Run looks for what is new until ctx ends, and then ends all streams.
func (c *Console) Run(ctx context.Context) error {
	defer c.news.tell(true)
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	var state string
	told := c.config.Clock()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
		now := c.config.Clock()
		if seen := c.state(ctx); seen != state || now.Sub(told) >= tellEvery {
			state, told = seen, now
			c.news.tell(false)
		}
	}
}

func (c *Console) state(ctx context.Context) string {
	if c.config.State == nil {
		return ""
	}
	return c.config.State(ctx)
}

// events streams a line whenever a page should look again (server-sent events, WHATWG HTML 9.2). It ends with the session.
func (c *Console) events(v *Visit) error {
	select {
	case c.news.places <- struct{}{}:
		defer func() { <-c.news.places }()
	default:
		return errBusy
	}
	to := http.NewResponseController(v.writer)
	v.writer.Header().Set("Content-Type", "text/event-stream")
	for next := c.news.next(); !c.news.over(); next = c.news.next() {
		if c.sessions.find(c.secretOf(v.Request), c.config.Clock(), false) == nil {
			return nil
		}
		_ = to.SetWriteDeadline(time.Now().Add(2 * tellEvery)) // a server without deadlines has none to set
		if _, err := fmt.Fprint(v.writer, "data: look\n\n"); err != nil {
			return nil
		}
		if err := to.Flush(); err != nil {
			return nil
		}
		select {
		case <-next:
		case <-v.session.ended:
			return nil
		case <-v.Context().Done():
			return nil
		}
	}
	return nil
}
