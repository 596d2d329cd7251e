package gateway

import (
	"context"
	"net/http"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// health gives the lights and figures of every adapter, and the flows between platforms, at this moment.
func (o *Operators) health(context.Context, *operatorVisit) (outcome, error) {
	if o.deps.Health == nil {
		return outcome{}, &exchange.Error{Code: exchange.NotFound}
	}
	return outcome{http.StatusOK, o.deps.Health()}, nil
}
