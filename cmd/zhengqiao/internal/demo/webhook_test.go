package demo_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/holding"
	"github.com/zhengqiao/zhengqiao/simulators/suishenban"
)

// TestAChangeReachesAWebhook follows a change from one platform's push to the signed event at another, first while that one is busy.
func TestAChangeReachesAWebhook(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	busy := fault.Fault{Kind: fault.Business, Code: "429", Times: 1}
	if err := r.world.StandIns.Platform("webhook").Faults().Set(busy); err != nil {
		t.Fatal(err)
	}
	r.push(t, "normal-shanghai")
	held := r.toldByWebhook(t)
	if held.Version != 1 || len(held.Fields) != 0 || len(held.Events) == 0 {
		t.Errorf("told %+v, want a thin event of version 1", held)
	}
	for _, event := range held.Events {
		if event.Kind == "replaced" {
			t.Error("told of a replacement, which its policy hides")
		}
	}
	if calls := r.world.StandIns.Platform("webhook").Calls(); calls["licence.changed"] != 2 {
		t.Errorf("calls %v, want one that was turned away and one that was taken", calls)
	}
	person, _ := r.world.Citizens.Persona("normal-shanghai")
	if log := r.log.String(); strings.Contains(log, person.IDNumber) {
		t.Error("an ID number in the log")
	}
}

// push announces a citizen's licence as 随申办 does.
func (r *rig) push(t *testing.T, persona string) {
	t.Helper()
	key, err := (keys.Files{Root: filepath.Join(r.dir, "keys")}).PrivateKey("file:suishenban-push.key.pem")
	if err != nil {
		t.Fatal(err)
	}
	pusher := &suishenban.Pusher{
		URL: r.gateway.URL() + "/push/suishenban", KeyID: "suishenban-push-1", Clock: time.Now, Client: http.DefaultClient,
		Sign: func(message []byte) ([]byte, error) { return key.Sign(rand.Reader, message) },
	}
	person, _ := r.world.Citizens.Persona(persona)
	if status, answer, err := pusher.Push(t.Context(), person); err != nil || status != http.StatusOK || !strings.Contains(string(answer), `"accepted":1`) {
		t.Fatalf("%d %s, %v", status, answer, err)
	}
}

// toldByWebhook waits for the first licence that the stand-in was told of.
func (r *rig) toldByWebhook(t *testing.T) holding.Copy {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for {
		var list []holding.Digest
		if err := json.Unmarshal([]byte(fetch(t, r.world.StandIns.ControlURL()+"/webhook/_sim/told")), &list); err != nil {
			t.Fatal(err)
		}
		if len(list) > 0 {
			held, _ := r.world.StandIns.Platform("webhook").Told(list[0].Licence)
			return held
		}
		select {
		case <-ctx.Done():
			t.Fatalf("told of nothing; the log:\n%s", r.log)
		case <-ticker.C:
		}
	}
}
