package app

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

// fingerprint is the same as long as nothing about a configured part changes: neither its settings nor the files that they refer to.
type fingerprint [32]byte

// printOf takes the fingerprint of a part with an adapter behind it. head is what stands beside the settings.
func printOf(c *config.Config, part configured, head ...any) fingerprint {
	var settings map[string]any
	text := fmt.Sprintf("%q\n", head)
	if err := part.Decode(&settings); err != nil {
		return fingerprint(smcrypto.SM3([]byte(text + err.Error()))) // the adapter refuses it too
	}
	var all strings.Builder
	all.WriteString(text)
	printInto(&all, c.Folder(), settings)
	return fingerprint(smcrypto.SM3([]byte(all.String())))
}

// printInto writes keys, values, and digests of the files that values name, in the order of the keys.
func printInto(all *strings.Builder, folder string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			fmt.Fprintf(all, "%q{", key)
			printInto(all, folder, value[key])
			all.WriteString("}")
		}
	case []any:
		for _, item := range value {
			printInto(all, folder, item)
			all.WriteString(";")
		}
	case string:
		fmt.Fprintf(all, "%q%x", value, digestOf(folder, value))
	default:
		fmt.Fprintf(all, "%v", value)
	}
}

// maxReferred bounds what is read of a file that a setting may mean: keys and certificates have some kilobytes.
const maxReferred = 1 << 20

// digestOf gives the digest of the file that a text means, as a reference or as a path; nil if it means none.
func digestOf(folder, text string) []byte {
	path := strings.TrimPrefix(text, "file:")
	if path == "" || strings.Contains(path, "://") {
		return nil
	}
	if !filepath.IsAbs(path) && path != text { // a plain path starts from the working folder, a reference from the file's
		path = filepath.Join(folder, path)
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxReferred {
		return nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	sum := smcrypto.SM3(content)
	return sum[:]
}
