package suihaoban

import "net/http"

// headerReader reads headers that may be there once. A header given twice is as good as missing: which of the two was signed
// can't be told.
type headerReader struct {
	header  http.Header
	prefix  string
	missing string // the first one
}

func (r *headerReader) required(suffix string) string {
	value := r.optional(suffix)
	if value == "" {
		r.miss(suffix)
	}
	return value
}

func (r *headerReader) optional(suffix string) string {
	values := r.header.Values(r.prefix + suffix)
	if len(values) > 1 {
		r.miss(suffix)
	}
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func (r *headerReader) miss(suffix string) {
	if r.missing == "" {
		r.missing = r.prefix + suffix
	}
}
