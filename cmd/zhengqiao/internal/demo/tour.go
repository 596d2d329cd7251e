package demo

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/client"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
	"github.com/zhengqiao/zhengqiao/simulators"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/suishenban"
)

// tour walks through the gateway by signed calls and checks each step.
type tour struct {
	out      io.Writer
	gateway  *app.App
	standIns *simulators.Running
	citizens *citizen.Registry
	pusher   *suishenban.Pusher // 随申办's announcements of changes
	operator *smcrypto.PrivateKey
	random   io.Reader
	personas map[string]citizen.Persona
	keys     map[string]*smcrypto.PrivateKey
	ring     *keys.Ring
}

// step is one stop of the tour. do returns what to show, or why it did not come out as it should.
type step struct {
	zh, en string
	do     func(context.Context) (string, error)
}

func newTour(o Options, world *World, gateway *app.App) (*tour, error) {
	t := &tour{
		out: o.Out, gateway: gateway, standIns: world.StandIns, citizens: world.Citizens, random: rand.Reader,
		personas: map[string]citizen.Persona{}, keys: map[string]*smcrypto.PrivateKey{},
	}
	for _, persona := range world.Citizens.Personas() {
		t.personas[persona.Key] = persona
	}
	if err := t.newPusher(world.place); err != nil {
		return nil, err
	}
	var err error
	if t.operator, err = world.place.private(operatorID); err != nil {
		return nil, err
	}
	files := keys.Files{Root: world.place.keys()}
	for _, id := range platformIDs() {
		key, err := world.place.private(id)
		if err != nil {
			return nil, err
		}
		t.keys[id] = key
	}
	public, err := files.PublicKey("file:gateway.pub.pem")
	if err != nil {
		return nil, err
	}
	t.ring, err = keys.NewRing(keys.Record{ID: "gateway-1", Party: client.GatewayParty, Algorithm: keys.AlgorithmSign, Key: public})
	return t, err
}

// walk does every step, also after one that failed, and says which failed.
func (t *tour) walk(ctx context.Context) error {
	var failed []error
	steps := t.steps()
	for i, s := range steps {
		fmt.Fprintf(t.out, "\n[%d/%d] %s\n      %s\n", i+1, len(steps), s.zh, s.en)
		start := time.Now()
		shown, err := s.do(ctx)
		took := time.Since(start).Round(time.Millisecond)
		if err != nil {
			failed = append(failed, fmt.Errorf("step %d: %w", i+1, err))
			fmt.Fprintf(t.out, "  ✗ %v (%s)\n", err, took)
			continue
		}
		fmt.Fprintf(t.out, "  ✓ %s (%s)\n", shown, took)
	}
	fmt.Fprintf(t.out, "\n%d of %d steps as they should be\n", len(steps)-len(failed), len(steps))
	return errors.Join(failed...)
}

// as makes a client of a platform, signing with another platform's key if forger is named.
func (t *tour) as(platform, forger string) (*client.Client, error) {
	key := t.keys[platform]
	if forger != "" {
		key = t.keys[forger]
	}
	return t.client(t.gateway.URL(), platform+"-1", key)
}

func (t *tour) client(url, keyID string, key *smcrypto.PrivateKey) (*client.Client, error) {
	return client.New(client.Config{BaseURL: url, KeyID: keyID, Key: key, Gateway: t.ring, Now: time.Now, Random: t.random, Language: "en"})
}

// ask sends a question as a platform and decodes the verified answer.
func (t *tour) ask(ctx context.Context, platform, path string, q any) (*answer, error) {
	caller, err := t.as(platform, "")
	if err != nil {
		return nil, err
	}
	return t.send(ctx, caller, path, q)
}

func (t *tour) send(ctx context.Context, caller *client.Client, path string, q any) (*answer, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	reply, err := caller.Call(ctx, path, body)
	if err != nil {
		return nil, err
	}
	decoded := &answer{status: reply.Status, body: reply.Body}
	return decoded, json.Unmarshal(reply.Body, decoded)
}

// answer is what the tour looks at of an answer or a problem.
type answer struct {
	status      int
	body        []byte
	Licence     map[string]any   `json:"licence"`
	Processed   []map[string]any `json:"processed"`
	Unprocessed []map[string]any `json:"unprocessed"`
	Picture     struct {
		Data []byte `json:"data"`
	} `json:"picture"`
	Withheld []struct {
		Field string `json:"field"`
		Code  string `json:"code"`
	} `json:"withheld"`
	Provenance struct {
		Source   string `json:"source"`
		Fallback bool   `json:"fallback"`
		Stale    bool   `json:"stale"`
	} `json:"provenance"`
	Receipt struct {
		Index  *uint64 `json:"index"`
		Digest string  `json:"digest"`
	} `json:"receipt"`
	Code    string `json:"code"`
	Advice  string `json:"advice"`
	Reasons []struct {
		Code string `json:"code"`
	} `json:"reasons"`
}

// AwaitReady asks the readiness probe until it agrees; the first second after a start takes no requests.
func AwaitReady(ctx context.Context, opsURL string) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	ticker := time.NewTicker(25 * time.Millisecond)
	defer ticker.Stop()
	for {
		if ready(ctx, opsURL+"/readyz") {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the gateway is not ready: %w", context.Cause(ctx))
		case <-ticker.C:
		}
	}
}

func ready(ctx context.Context, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode == http.StatusOK
}
