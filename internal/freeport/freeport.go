// Package freeport finds addresses for programs that must be told theirs before they bind it: those of a demo and of tests that start
// processes. It stops at finding; nothing is reserved.
package freeport

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
)

// The ports lie below those that the system gives to outgoing connections and to listeners on port 0: one of these is often taken
// again before the program binds it.
const (
	lowest = 10_000
	count  = 10_000
)

// On gives n different addresses of the host that were free a moment ago, such as 127.0.0.1:12345.
func On(host string, n int) (addresses []string, err error) {
	for range 100 * n {
		drawn := net.JoinHostPort(host, strconv.Itoa(lowest+rand.IntN(count)))
		listener, err := net.Listen("tcp", drawn)
		if err != nil {
			continue
		}
		defer listener.Close() // all at the end, so that none comes twice
		if addresses = append(addresses, drawn); len(addresses) == n {
			return addresses, nil
		}
	}
	return nil, errors.New("too few free ports on " + host)
}
