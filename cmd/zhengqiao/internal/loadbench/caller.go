package loadbench

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// role is a platform and whom it asks about.
type role struct{ platform, persona string }

// The roles. The greedy platform asks the healthy source, which it so shares with the steady ones.
var (
	steadyOnes = [...]role{{"suishenban", "normal-shanghai"}, {"jiaoguan12123", "normal-shanghai"}}
	greedy     = role{"suihaoban", "expiring-guangdong"}
	patient    = role{"zheliban", "normal-zhejiang"}
)

// caller asks one question over and over in a platform's name. It does not verify the answers' signatures: what that costs is not the
// gateway's, and `bench` does it.
type caller struct {
	url    string
	body   []byte
	signer *httpsig.Signer
	client *http.Client
}

// maxConnections are kept for one caller: as many as it may have under way at the slow source.
const maxConnections = 512

func newCaller(w *world, r role) (*caller, error) {
	body, err := os.ReadFile(filepath.Join(w.dir, "questions", r.persona+".licence.json"))
	if err != nil {
		return nil, err
	}
	key, err := keys.Files{Root: w.dir}.PrivateKey("file:" + filepath.Join("keys", r.platform+".key.pem"))
	if err != nil {
		return nil, err
	}
	signer, err := httpsig.NewSigner(r.platform+"-1", key, time.Now, crand.Reader)
	return &caller{
		url: w.gateway.URL() + "/v1/licences/query", body: body, signer: signer,
		client: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConns: maxConnections, MaxIdleConnsPerHost: maxConnections}},
	}, err
}

func (c *caller) close() { c.client.CloseIdleConnections() }

// ahead is how long before its moment a request is signed, so that signing is not part of what is measured.
const ahead = 20 * time.Millisecond

// pace sends requests at a fixed rate for a while from a moment on, each at its own moment whatever became of those before, and counts the
// time from that moment. The moment is anywhere in the request's interval: callers who march in step would queue behind one another, which
// says nothing about the gateway. It returns when all are answered.
func (c *caller) pace(ctx context.Context, start time.Time, rate int, lasting time.Duration, into *tally) error {
	interval := time.Second / time.Duration(rate)
	var under sync.WaitGroup
	defer under.Wait()
	for i := range int(lasting / interval) {
		due := start.Add(time.Duration(i)*interval + rand.N(interval))
		if err := until(ctx, due.Add(-ahead)); err != nil {
			return err
		}
		under.Go(func() { into.add(c.ask(ctx, due)) })
	}
	return nil
}

func (c *caller) ask(ctx context.Context, due time.Time) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(c.body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	if err := errors.Join(c.signer.SignHTTP(request, c.body), until(ctx, due)); err != nil {
		return answer{}, err
	}
	response, err := c.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return answer{}, fmt.Errorf("read an answer: %w", err)
	}
	return answer{response.StatusCode, response.Header, time.Since(due)}, nil
}

func until(ctx context.Context, moment time.Time) error {
	timer := time.NewTimer(time.Until(moment))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
