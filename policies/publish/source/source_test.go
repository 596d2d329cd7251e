package source_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/policies/publish/source"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestServer speaks the protocol of OPA's bundle servers with a real server: one that knows ETags, and one that does what it likes.
func TestServer(t *testing.T) {
	t.Parallel()
	version, status := 1, http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" || r.Header.Get("Prefer") != "modes=snapshot" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		if status != http.StatusOK {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(status)
			return
		}
		w.Header().Set("ETag", strconv.Quote(strconv.Itoa(version)))
		http.ServeContent(w, r, "bundle.tar.gz", time.Time{}, bytes.NewReader(bytes.Repeat([]byte("x"), version)))
	}))
	t.Cleanup(server.Close)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	from := &source.Server{URL: server.URL + "/bundle.tar.gz", Token: "secret", Client: source.NewClient(transport)}
	want := func(bytes int, code publish.Code, unchanged bool) {
		t.Helper()
		packed, err := from.Fetch(t.Context())
		if len(packed) != bytes || errors.Is(err, source.ErrUnchanged) != unchanged || code != "" && publish.CodeOf(err) != code {
			t.Errorf("%d bytes, error %v; want %d, %s", len(packed), err, bytes, code)
		}
	}
	want(1, "", false)
	want(0, "", true)
	version = 2
	want(2, "", false)
	version = publish.MaxPacked + 1
	want(0, publish.TooLarge, false)
	for _, status = range []int{http.StatusFound, http.StatusInternalServerError, http.StatusNotFound} {
		want(0, publish.Unreachable, false)
	}
	status, version = http.StatusOK, 2
	want(0, "", true)
	from.Token = ""
	want(0, publish.Unreachable, false)
}

func TestFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "policies.bundle")
	from := &source.File{Path: path}
	if _, err := from.Fetch(t.Context()); !errors.Is(err, source.ErrUnchanged) {
		t.Errorf("no file: %v", err)
	}
	for _, content := range []string{"one", "two"} {
		if err := os.WriteFile(path+".new", []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".new", path); err != nil {
			t.Fatal(err)
		}
		if packed, err := from.Fetch(t.Context()); err != nil || string(packed) != content {
			t.Errorf("%q, error %v", packed, err)
		}
		if _, err := from.Fetch(t.Context()); !errors.Is(err, source.ErrUnchanged) {
			t.Errorf("again: %v", err)
		}
	}
	if err := os.WriteFile(path, make([]byte, publish.MaxPacked+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := from.Fetch(t.Context()); publish.CodeOf(err) != publish.TooLarge {
		t.Errorf("a large file: %v", err)
	}
	if _, err := (&source.File{Path: t.TempDir()}).Fetch(t.Context()); publish.CodeOf(err) != publish.Unreachable {
		t.Errorf("a folder: %v", err)
	}
}

// script is a source that gives one thing after another.
type script []any

func (s *script) Fetch(context.Context) ([]byte, error) {
	next := (*s)[0]
	if len(*s) > 1 {
		*s = (*s)[1:]
	}
	if err, ok := next.(error); ok {
		return nil, err
	}
	return []byte(next.(string)), nil
}

// TestPoll: each bundle is tried once, unless trying again may help; nothing new is no news.
func TestPoll(t *testing.T) {
	t.Parallel()
	down := &publish.Refusal{Code: publish.Unreachable, Err: errors.New("down")}
	from := &script{"bad", "bad", "late", "late", source.ErrUnchanged, down, "good", source.ErrUnchanged}
	steps := 8
	ctx, cancel := context.WithCancel(t.Context())
	ticks := make(chan time.Time)
	go func() {
		for range steps {
			ticks <- time.Time{}
		}
		cancel()
	}()
	var tried []string
	var told []publish.Code
	err := source.Poll(ctx, from, func(_ context.Context, packed []byte) (publish.Standing, error) {
		tried = append(tried, string(packed))
		switch string(packed) {
		case "bad":
			return publish.Standing{}, &publish.Refusal{Code: publish.Tampered, Err: errors.New("edited")}
		case "late":
			return publish.Standing{}, &publish.Refusal{Code: publish.Superseded, Err: errors.New("late")}
		}
		return publish.Standing{Sequence: 1}, nil
	}, func(standing publish.Standing, err error) {
		if err == nil {
			told = append(told, "")
			return
		}
		told = append(told, publish.CodeOf(err))
	}, ticks)
	if err != nil || !slices.Equal(tried, []string{"bad", "late", "late", "late", "good"}) {
		t.Errorf("tried %q, error %v", tried, err)
	}
	if !slices.Equal(told, []publish.Code{publish.Tampered, publish.Superseded, publish.Superseded, publish.Superseded, publish.Unreachable, ""}) {
		t.Errorf("told %q", told)
	}
}

// TestAFailureThatPassesIsTriedAgain: the file has nothing new, and the bundle in it is published all the same once that is possible. One
// that runs against a bound is given up.
func TestAFailureThatPassesIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fails []publish.Code // of one attempt after another
		tries int
	}{
		"a full disk":      {[]publish.Code{publish.NotRecorded, publish.NotRecorded, publish.NotRecorded, publish.NotRecorded}, 5},
		"a clock behind":   {[]publish.Code{publish.Ahead, publish.Superseded}, 3},
		"a busy machine":   {[]publish.Code{publish.Exhausted}, 2},
		"an endless trial": {slices.Repeat([]publish.Code{publish.Exhausted}, 20), 3},
		"not in order":     {slices.Repeat([]publish.Code{publish.NotInOrder}, 20), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "policies.bundle")
			if err := os.WriteFile(path, []byte("bundle"), 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			ticks := make(chan time.Time)
			go func() {
				for range 10 {
					ticks <- time.Time{}
				}
				cancel()
			}()
			tries := 0
			err := source.Poll(ctx, &source.File{Path: path}, func(_ context.Context, packed []byte) (publish.Standing, error) {
				tries++
				if string(packed) != "bundle" {
					t.Errorf("tried %q", packed)
				}
				if tries <= len(c.fails) {
					return publish.Standing{}, &publish.Refusal{Code: c.fails[tries-1], Err: errors.New("so far")}
				}
				return publish.Standing{}, nil
			}, func(publish.Standing, error) {}, ticks)
			if err != nil || tries != c.tries {
				t.Errorf("tried %d times, want %d; error %v", tries, c.tries, err)
			}
		})
	}
}
