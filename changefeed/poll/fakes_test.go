package poll

import (
	"context"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// answering is a source that always gives one answer; without rows it panics.
type answering exchange.ChangedPage

func (a answering) Changed(context.Context, exchange.ChangesQuestion) (exchange.ChangedPage, error) {
	if len(a.Rows) == 0 {
		panic("11010519491231002X")
	}
	return exchange.ChangedPage(a), nil
}
