// Package yardstick is what the gateway's cost is compared with: Echo's own reverse proxy and nothing else, so that a benchmark
// can say what signatures, decisions and records cost beyond handing the bytes on. It serves benchmarks only.
package yardstick

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// New makes a handler that hands each request on to target, its path unchanged, and the answer back. keep is how many idle
// connections to the target are kept; the standard library's 2 would have a proxy under load dial all the time, and make it look
// worse than it is.
func New(target *url.URL, keep int) http.Handler {
	e := echo.New()
	e.Use(middleware.ProxyWithConfig(middleware.ProxyConfig{
		Balancer:  middleware.NewRoundRobinBalancer([]*middleware.ProxyTarget{{URL: target}}),
		Transport: &http.Transport{MaxIdleConns: keep, MaxIdleConnsPerHost: keep, DisableCompression: true},
	}))
	return e
}
