package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// ErrUnchanged: the source has what it had at the last time.
var ErrUnchanged = errors.New("nothing new")

// Fetcher gives the newest bundle. Errors: [ErrUnchanged], else a [publish.Refusal].
type Fetcher interface {
	Fetch(ctx context.Context) ([]byte, error)
}

// File is a bundle in a file, which whoever publishes replaces whole (by renaming).
type File struct {
	Path string

	seen os.FileInfo
}

// Fetch implements [Fetcher]. A file that isn't there yet is nothing new.
func (f *File) Fetch(context.Context) ([]byte, error) {
	info, err := os.Stat(f.Path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, ErrUnchanged
	case err != nil:
		return nil, unreachable(err)
	case f.seen != nil && os.SameFile(info, f.seen) && info.ModTime().Equal(f.seen.ModTime()) && info.Size() == f.seen.Size():
		return nil, ErrUnchanged
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, unreachable(err)
	}
	defer file.Close()
	packed, err := bounded(file)
	if err == nil {
		f.seen = info
	}
	return packed, err
}

// Server is a web server with a bundle at a fixed address.
type Server struct {
	URL    string
	Token  string // sent as a bearer token; empty: none
	Client *http.Client

	etag string // of the bundle that was fetched last
}

// NewClient gives a client that follows nobody elsewhere and waits for nobody long.
func NewClient(transport *http.Transport) *http.Client {
	return &http.Client{
		Transport:     transport,
		Timeout:       fetchTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

const fetchTime = 30 * time.Second

// Fetch implements [Fetcher].
func (s *Server) Fetch(ctx context.Context) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	if err != nil {
		return nil, unreachable(err)
	}
	request.Header.Set("Prefer", "modes=snapshot") // no deltas, https://www.openpolicyagent.org/docs/management-bundles
	if s.etag != "" {
		request.Header.Set("If-None-Match", s.etag)
	}
	if s.Token != "" {
		request.Header.Set("Authorization", "Bearer "+s.Token)
	}
	response, err := s.Client.Do(request)
	if err != nil {
		return nil, unreachable(err)
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusNotModified:
		return nil, ErrUnchanged
	case http.StatusOK:
		packed, err := bounded(response.Body)
		if err == nil {
			s.etag = response.Header.Get("ETag")
		}
		return packed, err
	}
	return nil, unreachable(fmt.Errorf("the server answered %d", response.StatusCode))
}

func bounded(from io.Reader) ([]byte, error) {
	packed, err := io.ReadAll(io.LimitReader(from, publish.MaxPacked+1))
	switch {
	case err != nil:
		return nil, unreachable(err)
	case len(packed) > publish.MaxPacked:
		return nil, &publish.Refusal{Code: publish.TooLarge, Err: fmt.Errorf("more than %d bytes", publish.MaxPacked)}
	}
	return packed, nil
}

func unreachable(err error) error { return &publish.Refusal{Code: publish.Unreachable, Err: err} }
