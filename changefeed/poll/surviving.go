package poll

import (
	"runtime/debug"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// surviving turns a panic of an adapter, which reads foreign bytes, into a failure like any other. The panic's value is left out: it may
// quote them.
func surviving(ask func() error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = exchange.Errorf(exchange.Internal, "panic at\n%s", debug.Stack())
		}
	}()
	return ask()
}
