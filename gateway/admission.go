package gateway

import (
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// retrySoon is the advice to a caller who came while all places were taken.
const retrySoon = time.Second

// admit bounds how many requests are at work. It comes after the body was read: a slow sender holds a connection, of which
// there is a bounded number too, but no place. Nobody queues here: to wait would use up the caller's time budget unseen.
func admit(places chan struct{}) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			select {
			case places <- struct{}{}:
				defer func() { <-places }()
				return next(c)
			default:
				return &exchange.Error{Code: exchange.Overloaded, RetryAfter: retrySoon}
			}
		}
	}
}

// share bounds how many requests of one platform are at work, once it is known whose they are: a platform that calls too much
// crowds out itself and nobody else.
func (s *shares) share(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		platform := visitOf(c).platform.ID
		if !s.take(platform) {
			return &exchange.Error{Code: exchange.Overloaded, RetryAfter: retrySoon}
		}
		defer s.giveBack(platform)
		return next(c)
	}
}

// shares counts requests at work by platform.
type shares struct {
	each  int // the most of one platform
	mu    sync.Mutex
	taken map[string]int // only of platforms that have one at work
}

func newShares(each int) *shares { return &shares{each: each, taken: map[string]int{}} }

func (s *shares) take(platform string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken[platform] >= s.each {
		return false
	}
	s.taken[platform]++
	return true
}

func (s *shares) giveBack(platform string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken[platform]--
	if s.taken[platform] == 0 {
		delete(s.taken, platform)
	}
}
