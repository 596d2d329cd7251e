package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway"
)

func (a *App) ops() http.Handler {
	return gateway.Ops(a.registry,
		gateway.Check{Name: "journal", Test: a.journal.Ready},
		gateway.Check{Name: "start", Test: func(context.Context) error {
			if time.Now().Before(a.acceptFrom()) {
				return fmt.Errorf("requests are accepted from %s on", a.acceptFrom().Format(time.RFC3339))
			}
			return nil
		}},
		gateway.Check{Name: "intake", Test: func(context.Context) error {
			if a.stopping.Load() {
				return errors.New("draining: a stop was asked for")
			}
			return nil
		}},
	)
}
