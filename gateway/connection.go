package gateway

import (
	"context"
	"net"
	"sync/atomic"

	"github.com/labstack/echo/v4"
)

// connection is what is known of a connection of the contract's listener.
type connection struct {
	proved  atomic.Bool     // a platform's signature came over it
	trusted atomic.Bool     // and the last one was right
	serving context.Context // ends when the listener begins to stop
}

type connectionKey struct{}

// newConnections is for [http.Server.ConnContext].
func newConnections(serving context.Context) func(context.Context, net.Conn) context.Context {
	return func(ctx context.Context, _ net.Conn) context.Context {
		return context.WithValue(ctx, connectionKey{}, &connection{serving: serving})
	}
}

func connectionOf(ctx context.Context) (*connection, bool) {
	known, ok := ctx.Value(connectionKey{}).(*connection)
	return known, ok
}

// prove notes that a platform is behind the request, and so behind its connection.
func prove(c echo.Context) {
	if known, ok := connectionOf(c.Request().Context()); ok {
		known.proved.Store(true)
	}
}

// keepsAlive reports whether the connection may wait for another request. Connections are few, and one that waits holds its
// place for a minute and a half: that is for platforms, not for whoever asked for a page. A platform's connection stays also when
// a signature on it was wrong, or when a front proxy sends somebody else's request over it.
func keepsAlive(c echo.Context, v *visit) bool {
	known, ok := connectionOf(c.Request().Context())
	return v.caller != nil || ok && known.proved.Load()
}
