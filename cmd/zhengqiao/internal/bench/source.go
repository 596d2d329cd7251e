package bench

import (
	"context"
	"errors"
	"io"
	"net"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
)

// Source is the child process that plays the source.
type Source struct {
	Dir string    // gets configuration, keys and questions
	In  io.Reader // ends when the process shall end
	Out io.Writer // tells the address
}

// Run prepares the folder, renders the reply and gives it to every request until In ends.
func (s Source) Run(ctx context.Context) error {
	world, err := demo.NewWorld(s.Dir, anyPort, anyPort)
	if err != nil {
		return err
	}
	reply, relay, err := render(ctx, world)
	if err = errors.Join(err, world.Close()); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", anyPort)
	if err != nil {
		return err
	}
	url := "http://" + listener.Addr().String()
	if err := redirect(world.ConfigPath(), relay, url); err != nil {
		return errors.Join(err, listener.Close())
	}
	return s.serve(ctx, listener, replay{reply}, hello{URL: url, ReplyBytes: len(reply)})
}

func (s Source) serve(ctx context.Context, listener net.Listener, r replay, first hello) error {
	ctx, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- r.serve(ctx, listener) }()
	err := attend(s.In, s.Out, first, "")
	stop()
	return errors.Join(err, <-served)
}

// anyPort is a free port of loopback: nothing that a benchmark sends leaves the machine.
const anyPort = "127.0.0.1:0"
