package app

import (
	"fmt"
	"runtime/debug"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// guarded turns a panic into an error: a file that trips a reload must not end a gateway that answers. The error has the type of the
// cause and not its text, in which settings may stand.
func guarded(reload func() ([]config.Change, error)) (changes []config.Change, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			changes, err = nil, fmt.Errorf("panic with a %T at %s", cause, debug.Stack())
		}
	}()
	return reload()
}
