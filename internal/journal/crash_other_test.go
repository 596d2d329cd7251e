//go:build !unix

package journal

import "errors"

func appendUntilDiskEnds(*Log, *Journal) error {
	return errors.New("file size limits are a unix matter")
}
