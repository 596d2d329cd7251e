package bench

import (
	"context"
	"errors"
	"net"
	"sync"
)

// replay is a source that gives one reply to every request, at next to no cost.
type replay struct {
	reply []byte // a whole HTTP message
}

// serve answers on the listener until ctx ends, and returns when all connections are closed.
func (r replay) serve(ctx context.Context, listener net.Listener) error {
	var open sync.WaitGroup
	defer open.Wait()
	defer context.AfterFunc(ctx, func() { _ = listener.Close() })()
	for {
		connection, err := listener.Accept()
		if err != nil {
			return ended(ctx, err)
		}
		open.Go(func() { r.attend(ctx, connection) })
	}
}

func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// attend answers on one connection until the other side hangs up or ctx ends.
func (r replay) attend(ctx context.Context, connection net.Conn) {
	defer connection.Close()
	defer context.AfterFunc(ctx, func() { _ = connection.Close() })()
	for requests := newWire(connection); ; {
		if _, _, err := requests.next(); err != nil {
			return
		}
		if _, err := connection.Write(r.reply); err != nil {
			return
		}
	}
}
