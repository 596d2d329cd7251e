package app

import (
	"crypto/tls"
	"errors"
	"net/http"
	"sync/atomic"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// generation is one configuration in force: keys, platforms, sources, routes, limits. A request takes the one in force when it comes and
// keeps it to its end, so that it never sees half of two of them. Nothing of that changes in a generation; a reload makes another one, and
// the old one is closed when its last request has its answer. Policies and quotas are not in it: they are the gateway's, and a request
// meets those in force when it is decided and let in.
type generation struct {
	tenancy
	config    *config.Config
	trust     *trust
	sources   map[string]*leased
	edge      http.Handler // the contract
	operators http.Handler // nil: nobody may operate
	policies  http.Handler // the policy desk; nil: policies need no signature
	tls       *tls.Config  // nil: plain HTTP
}

// letGo lets go of the sources.
func (g *generation) letGo() {
	for _, source := range g.sources {
		source.leave()
	}
}

// tenancy counts who uses something that is closed when the last one has left. Its owner is the first.
type tenancy struct {
	users atomic.Int64
	close func()
}

// open begins the count with the owner.
func (t *tenancy) open(close func()) {
	t.close = close
	t.users.Store(1)
}

// enter is false when all have left: it was closed, and something newer is in its place.
func (t *tenancy) enter() bool {
	for {
		users := t.users.Load()
		if users == 0 {
			return false
		}
		if t.users.CompareAndSwap(users, users+1) {
			return true
		}
	}
}

func (t *tenancy) leave() {
	if t.users.Add(-1) == 0 {
		t.close()
	}
}

// leased is a source that several generations may share, as long as nothing about it changes: with its connections, its session and what
// its breaker knows.
type leased struct {
	tenancy
	print  fingerprint
	source *exchange.Source
}

func newLeased(source *exchange.Source, print fingerprint, report func(error)) *leased {
	l := &leased{print: print, source: source}
	l.open(func() {
		if source.Close != nil {
			if err := source.Close(); err != nil {
				report(err)
			}
		}
	})
	return l
}

// inForce is the generation that requests are answered with.
type inForce struct{ atomic.Pointer[generation] }

// enter gives the generation in force, to be left in the end.
func (f *inForce) enter() *generation {
	for {
		if g := f.Load(); g.enter() {
			return g
		}
	}
}

// contract serves the contract's listener.
func (f *inForce) contract(w http.ResponseWriter, r *http.Request) {
	g := f.enter()
	defer g.leave()
	g.edge.ServeHTTP(w, r)
}

// tlsConfig is for [tls.Config] GetConfigForClient: certificate and authorities of the generation in force. A connection keeps what it
// began with.
func (f *inForce) tlsConfig(*tls.ClientHelloInfo) (*tls.Config, error) {
	if secure := f.Load().tls; secure != nil {
		return secure, nil
	}
	return nil, errors.New("no certificate is configured")
}
