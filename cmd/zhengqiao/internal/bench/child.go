package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// child is a process of ours that answers words.
type child struct {
	hello
	command *exec.Cmd
	words   io.WriteCloser
	answers *json.Decoder
	ready   time.Duration // from its start until it took requests
}

// patience bounds the wait for a child's start and for its end.
const patience = 30 * time.Second

// spawn starts a child by self and arguments, and returns when it takes requests.
func spawn(ctx context.Context, self []string, arguments ...string) (*child, error) {
	line := append(append([]string{}, self[1:]...), arguments...)
	c := &child{command: exec.CommandContext(ctx, self[0], line...)}
	c.command.Stderr = os.Stderr
	c.command.WaitDelay = patience
	answers, err := c.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.answers = json.NewDecoder(bufio.NewReader(answers))
	if c.words, err = c.command.StdinPipe(); err != nil {
		return nil, err
	}
	started := time.Now()
	if err := c.command.Start(); err != nil {
		return nil, fmt.Errorf("start a child process: %w", err)
	}
	if err := c.await(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("child process %v: %w", arguments, err), c.stop())
	}
	c.ready = time.Since(started)
	return c, nil
}

func (c *child) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := c.answers.Decode(&c.hello); err != nil {
		return fmt.Errorf("it did not say hello: %w", err)
	}
	if c.OpsURL == "" {
		return nil
	}
	return awaitReady(ctx, c.OpsURL+"/readyz")
}

// ask says a word and gives the child's usage at that moment.
func (c *child) ask(word string) (usage, error) {
	var answer usage
	if _, err := io.WriteString(c.words, word+"\n"); err != nil {
		return answer, fmt.Errorf("ask a child process: %w", err)
	}
	if err := c.answers.Decode(&answer); err != nil {
		return answer, fmt.Errorf("a child process did not answer: %w", err)
	}
	return answer, nil
}

// stop lets the child end by itself and says whether it ended well.
func (c *child) stop() error {
	closed := c.words.Close()
	if err := c.command.Wait(); err != nil {
		return fmt.Errorf("a child process: %w", err)
	}
	return closed
}

// probeEvery is the resolution of the time from start to ready.
const probeEvery = 5 * time.Millisecond

// awaitReady asks a readiness probe until it agrees.
func awaitReady(ctx context.Context, url string) error {
	ticker := time.NewTicker(probeEvery)
	defer ticker.Stop()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for !isReady(ctx, client, url) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("it is not ready: %w", context.Cause(ctx))
		case <-ticker.C:
		}
	}
	return nil
}

func isReady(ctx context.Context, client *http.Client, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode == http.StatusOK
}
