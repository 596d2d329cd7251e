package changebench

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// inbox is every receiving platform: it takes webhooks, at next to no cost, and notes when. It verifies nothing, since what it would
// cost is not the gateway's.
type inbox struct {
	mu       sync.Mutex
	taken    map[string]int               // by platform: licences told at all
	versions map[string]map[string]uint64 // by platform and licence
	arrived  map[string]map[key]time.Time // by platform: when a version came, while it is watched
	news     map[string]chan struct{}     // by platform
	watched  bool
}

type key struct {
	licence string
	version uint64
}

func newInbox() *inbox {
	b := &inbox{taken: map[string]int{}, versions: map[string]map[string]uint64{}, arrived: map[string]map[key]time.Time{}, news: map[string]chan struct{}{}}
	for platform := range regions() {
		b.versions[platform], b.arrived[platform], b.news[platform] = map[string]uint64{}, map[key]time.Time{}, make(chan struct{}, 1)
	}
	return b
}

func (b *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var event struct {
		Data struct {
			Licence string `json:"licence"`
			Version uint64 `json:"version"`
		} `json:"data"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&event); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	platform := strings.Trim(r.URL.Path, "/")
	held := b.take(platform, key{event.Data.Licence, event.Data.Version})
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"licence":%q,"version":%d}`, event.Data.Licence, held)
	select {
	case b.news[platform] <- struct{}{}:
	default:
	}
}

func (b *inbox) take(platform string, told key) (held uint64) {
	now := time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	versions := b.versions[platform]
	held = versions[told.licence]
	if b.watched {
		if _, known := b.arrived[platform][told]; !known {
			b.arrived[platform][told] = now
		}
	}
	if told.version > held {
		if held == 0 {
			b.taken[platform]++
		}
		versions[told.licence], held = told.version, told.version
	}
	return held
}

// count gives how many licences a platform was told of.
func (b *inbox) count(platform string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.taken[platform]
}

// watch begins to note when each version comes, and forgets what was noted.
func (b *inbox) watch() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.watched = true
	for platform := range b.arrived {
		b.arrived[platform] = map[key]time.Time{}
	}
}

// at gives when a platform had this version of a licence or a newer one; false: not yet.
func (b *inbox) at(platform string, told key, newest uint64) (time.Time, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for version := told.version; version <= newest; version++ {
		if when, known := b.arrived[platform][key{told.licence, version}]; known {
			return when, true
		}
	}
	return time.Time{}, false
}
