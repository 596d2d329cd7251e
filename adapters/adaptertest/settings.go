package adaptertest

import (
	"errors"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
)

var errSettings = errors.New("adaptertest: the adapter decodes into another type than its Config")

// Settings gives an adapter a ready configuration in the place of a file.
func Settings[C any](config C) outbound.Decode {
	return func(into any) error {
		target, ok := into.(*C)
		if !ok {
			return errSettings
		}
		*target = config
		return nil
	}
}
