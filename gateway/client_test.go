package gateway_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/client"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// dial makes the client of one of the rig's platforms.
func (r *rig) dial(t tb, platform string, change ...func(*client.Config)) *client.Client {
	t.Helper()
	ring := must(keys.NewRing(keys.Record{ID: "gateway-1", Party: client.GatewayParty, Algorithm: keys.AlgorithmSign, Key: r.keys["gateway"].Public()}))(t)
	config := client.Config{
		BaseURL: r.server.URL, KeyID: platform + "-1", Key: r.keys[platform], Gateway: ring, HTTP: r.server.Client(), Now: r.clock.Now, Random: rand.Reader,
	}
	for _, alter := range change {
		alter(&config)
	}
	return must(client.New(config))(t)
}

func TestClientReports(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for platform, encryptFor := range map[string]string{"suishenban": "", "zheliban": "gateway-1"} {
		caller := r.dial(t, platform, func(c *client.Config) { c.EncryptFor = encryptFor })
		reply, err := caller.Report(t.Context(), testdata(t, "change.json"))
		if err != nil || reply.Status != http.StatusAccepted || reply.Encrypted != (encryptFor != "") {
			t.Fatalf("%s: %+v, %v", platform, reply, err)
		}
	}
	if _, err := r.dial(t, "suishenban").Report(t.Context(), []byte(`{"subject":{}}`)); err == nil {
		t.Error("a report without a name went out")
	}
}

// The client follows the feed from where it was, is woken by news and stops where it is told to.
func TestClientFollowsTheFeed(t *testing.T) {
	t.Parallel()
	r, waiting := newWaitingRig(t)
	go func() { // nobody has to wait for the waits here
		for range waiting {
			continue
		}
	}()
	t.Cleanup(func() { close(waiting) })
	r.tell(t, "suishenban", 3)
	caller := r.dial(t, "suishenban")
	var kept client.FeedPlace
	enough, seen := errors.New("enough"), 0
	take := func(page client.FeedPage) error {
		seen += len(page.Changes)
		if seen == 5 {
			return enough
		}
		kept = page.Place
		r.tell(t, "suishenban", 2)
		return nil
	}
	if err := caller.FollowFeed(t.Context(), kept, take); !errors.Is(err, enough) || kept.Number != 3 {
		t.Fatalf("seen %d, kept %+v, %v", seen, kept, err)
	}
	page, err := caller.ReadFeed(t.Context(), kept, 100, 0)
	if err != nil || len(page.Changes) != 2 || page.Changes[0].Number != 4 || len(page.Changes[0].Fields) == 0 || page.Last != 5 {
		t.Errorf("from where it was: %+v, %v", page, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := caller.FollowFeed(ended, page.Place, take); !errors.Is(err, context.Canceled) {
		t.Errorf("at the end: %v", err)
	}
}

func TestClientIsToldThatAPlaceIsNone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	caller := r.dial(t, "suishenban", func(c *client.Config) { c.HTTP.Timeout = time.Minute })
	_, err := caller.ReadFeed(t.Context(), client.FeedPlace{Cursor: "9.9.00000000", Number: 9}, 1, 0)
	if problem, ok := errors.AsType[*client.ProblemError](err); !ok || problem.Code != "invalid-request" {
		t.Errorf("error %v", err)
	}
}
