package doctor

import (
	"archive/tar"
	"compress/gzip"
	"fmt"
	"io"
	"time"
)

// File is one file of a bundle.
type File struct {
	Name string // such as overview.json
	Data []byte
}

// maxBundled bounds one file: metrics of a hundred adapters have some hundred kilobytes.
const maxBundled = 8 << 20

// Bundle writes the files as a tar.gz, each cleaned by clean, which takes out whatever must not leave; a file that is larger than 8 MiB
// is cut.
func Bundle(to io.Writer, at time.Time, clean func([]byte) []byte, files ...File) error {
	compressed := gzip.NewWriter(to)
	archive := tar.NewWriter(compressed)
	for _, file := range files {
		data := clean(file.Data)
		data = data[:min(len(data), maxBundled)]
		header := &tar.Header{Name: "zhengqiao-diagnostics/" + file.Name, Mode: 0o600, Size: int64(len(data)), ModTime: at, Typeflag: tar.TypeReg}
		if err := archive.WriteHeader(header); err != nil {
			return fmt.Errorf("write the bundle: %w", err)
		}
		if _, err := archive.Write(data); err != nil {
			return fmt.Errorf("write the bundle: %w", err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("end the bundle: %w", err)
	}
	if err := compressed.Close(); err != nil {
		return fmt.Errorf("end the bundle: %w", err)
	}
	return nil
}
