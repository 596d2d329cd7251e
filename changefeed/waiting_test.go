package changefeed

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// hourLater is the patience of a gateway whose platform asks it to come again in an hour.
func hourLater(c *Config) { c.Patience = Patience{First: time.Millisecond, Longest: time.Hour} }

func comeBackIn(wait time.Duration) func(exchange.Notice, int) (bool, error) {
	return func(exchange.Notice, int) (bool, error) {
		return false, &exchange.Error{Code: exchange.SourceDown, RetryAfter: wait}
	}
}

// TestEnableTriesWhatWaits at once, whether the platform was off or on, and however long it had asked for.
func TestEnableTriesWhatWaits(t *testing.T) {
	t.Parallel()
	for name, offBefore := range map[string]bool{"off": true, "on": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			p := r.add("wechat")
			p.sees(comeBackIn(time.Hour))
			r.start(t, hourLater)
			report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
			r.until(t, "it was tried", func() bool { return r.count("wechat", string(exchange.SourceDown)) == 1 })
			if offBefore {
				if err := r.Disable(testContext(t), "wechat", operator); err != nil {
					t.Fatal(err)
				}
			}
			p.sees(nil)
			if err := r.Enable(testContext(t), "wechat", operator); err != nil {
				t.Fatal(err)
			}
			r.drained(t, "wechat")
			if p.has(1).Version != 1 || p.called() != 2 {
				t.Errorf("version %d after %d calls", p.has(1).Version, p.called())
			}
		})
	}
}

// TestEnableOfAnotherGateway reaches what waits here, off and on between two looks included.
func TestEnableOfAnotherGateway(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("wechat")
	p.sees(comeBackIn(time.Hour))
	r.start(t, func(c *Config) { hourLater(c); c.Endpoints[0].Timeout = time.Millisecond })
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	r.until(t, "it was tried", func() bool { return r.count("wechat", string(exchange.SourceDown)) == 1 })
	p.sees(nil)
	there, err := NewDispatcher(r.cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(there.Disable(testContext(t), "wechat", operator), there.Enable(testContext(t), "wechat", operator)); err != nil {
		t.Fatal(err)
	}
	r.until(t, "it was told", func() bool { return p.has(1).Version == 1 })
}

// TestWaitOutlastsTheHold: what waits longer than an entry is held for stays with its lane, and is tried once the wait is over.
func TestWaitOutlastsTheHold(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("wechat")
	const wait = 7 * time.Second
	var mu sync.Mutex
	var tried []time.Time
	p.sees(func(n exchange.Notice, call int) (bool, error) {
		mu.Lock()
		defer mu.Unlock()
		if tried = append(tried, time.Now()); call == 1 {
			return comeBackIn(wait)(n, call)
		}
		return true, nil
	})
	r.start(t, func(c *Config) {
		hourLater(c)
		c.Endpoints[0].Timeout = time.Millisecond
		if held := c.Endpoints[0].holdFor(); held >= wait {
			t.Errorf("held for %s, which is no shorter than the wait", held)
		}
	})
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	r.drained(t, "wechat")
	mu.Lock()
	defer mu.Unlock()
	if len(tried) != 2 || tried[1].Sub(tried[0]) < wait {
		t.Errorf("tried at %v", tried)
	}
}

// lines keeps a log.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) with(part string) (found []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.Lines(l.text.String()) {
		if strings.Contains(line, part) {
			found = append(found, line)
		}
	}
	return found
}

// TestFailingDeliveryIsLogged once for each code, with whose it is, and never with the text of an error that may quote foreign bytes.
func TestFailingDeliveryIsLogged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.add("wechat")
	log := &lines{}
	p.sees(func(_ exchange.Notice, call int) (bool, error) {
		switch {
		case call <= 4:
			return false, errors.New("quotes 11010519491231002X")
		case call <= 8:
			return false, &exchange.Error{Code: exchange.SourceDown, Err: errors.New("bad gateway")}
		}
		return true, nil
	})
	r.start(t, func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(log, nil)) })
	report(t, r.intake, reported(t, "police", 1, 1, zt("B")))
	r.drained(t, "wechat")
	got := log.with("a delivery failed")
	if len(got) != 2 || !strings.Contains(got[0], "code=internal") || !strings.Contains(got[1], "code=source-down") ||
		!strings.Contains(got[1], "bad gateway") || len(log.with("11010519491231002X")) != 0 {
		t.Fatalf("logged %q", got)
	}
	for _, line := range got {
		if !strings.Contains(line, "platform=wechat") || !strings.Contains(line, "licence="+licenceKey(1)) {
			t.Errorf("it does not say whose: %s", line)
		}
	}
}
