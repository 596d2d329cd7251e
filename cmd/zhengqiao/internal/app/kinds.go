package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// ofKind gives what makes a configured part, whose place in the file is at; others are kinds that the program itself makes.
func ofKind[Factory any](c *config.Config, at, kind string, factories map[string]Factory, others ...string) (Factory, error) {
	factory, known := factories[kind]
	if !known {
		kinds := strings.Join(append(slices.Sorted(maps.Keys(factories)), others...), ", ")
		return factory, c.At(at+".kind", fmt.Errorf("unknown kind %q; there are %s", kind, kinds))
	}
	return factory, nil
}
