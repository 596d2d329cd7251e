package publish

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
)

// entries are the files of the archive by name.
type entries map[string][]byte

// encodeTar writes the one archive that entries have: by name, plain files, no owner, no time. So an archive can be checked for being
// canonical by writing it again, and there is no room in it for anything that a reader might take otherwise.
func encodeTar(files entries) ([]byte, error) {
	var buffer bytes.Buffer
	writer := tar.NewWriter(&buffer)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(files[name])), Mode: 0o644, Format: tar.FormatUSTAR}
		if err := writer.WriteHeader(header); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
		if _, err := writer.Write(files[name]); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("end the archive: %w", err)
	}
	return buffer.Bytes(), nil
}

// decodeTar reads an archive of plain files and refuses every other thing that an archive can hold.
func decodeTar(archive []byte) (entries, error) {
	files := entries{}
	reader := tar.NewReader(bytes.NewReader(archive))
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, refuse(Malformed, "read the archive: %w", err)
		}
		if err := files.take(header, reader); err != nil {
			return nil, err
		}
	}
	again, err := encodeTar(files)
	if err != nil || !bytes.Equal(again, archive) {
		return nil, refuse(Malformed, "the archive is not written in the one way that it can be written")
	}
	return files, nil
}

// take reads one entry. What it is and what it is called is judged before a byte of it is read.
func (e entries) take(header *tar.Header, content io.Reader) error {
	name := header.Name
	switch {
	case header.Typeflag != tar.TypeReg:
		return refuse(NotRegular, "%q is no plain file", clipped(name))
	case name != path.Clean(name) || path.IsAbs(name) || name == ".." || strings.HasPrefix(name, "../") || strings.ContainsAny(name, "\\\x00"):
		return refuse(BadPath, "%q", clipped(name))
	case e[name] != nil:
		return refuse(Duplicate, "%q", clipped(name))
	case len(e) >= MaxFiles+2 || header.Size > MaxFileBytes:
		return refuse(TooLarge, "%q is one too many or has more than %d bytes", clipped(name), MaxFileBytes)
	}
	if err := known(name); err != nil {
		return err
	}
	read, err := io.ReadAll(io.LimitReader(content, MaxFileBytes+1))
	if err != nil || int64(len(read)) != header.Size {
		return refuse(Malformed, "%q is cut short", clipped(name))
	}
	if read == nil {
		read = []byte{}
	}
	e[name] = read
	return nil
}

// clipped bounds what a stranger's name can put into a message.
func clipped(name string) string { return name[:min(len(name), 100)] }

// known refuses every name that our bundles don't have. What OPA's own bundles have gets a reason of its own: someone may believe that
// it counts.
func known(name string) error {
	base := path.Base(name)
	switch {
	case name == statementName || name == signaturesName || strings.HasPrefix(name, filesPrefix) && places.MatchString(name[len(filesPrefix):]):
		return nil
	case base == "patch.json":
		return refuse(Delta, "%q", clipped(name))
	case base == ".signatures.json" || base == ".manifest" || strings.HasPrefix(base, ".") || strings.HasSuffix(base, ".pem"):
		return refuse(ForeignProof, "%q", clipped(name))
	}
	return refuse(ExtraFile, "%q", clipped(name))
}

// compress packs an archive. What it gives may differ between versions of the compressor, so nothing is ever signed over it.
func compress(archive []byte) ([]byte, error) {
	var buffer bytes.Buffer
	writer, err := gzip.NewWriterLevel(&buffer, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if _, err := writer.Write(archive); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return buffer.Bytes(), nil
}

// maxArchive leaves room for headers and padding of each entry, the statement and the signatures.
const maxArchive = MaxBytes + 2*MaxFileBytes + (MaxFiles+4)*1024

// decompress unpacks one stream of bounded size and ratio with nothing behind it and nothing in its header.
func decompress(packed []byte) ([]byte, error) {
	if len(packed) > MaxPacked {
		return nil, refuse(TooLarge, "more than %d bytes", MaxPacked)
	}
	source := bytes.NewReader(packed)
	reader, err := gzip.NewReader(source)
	if err != nil {
		return nil, refuse(Malformed, "not compressed by gzip: %w", err)
	}
	reader.Multistream(false)
	if reader.Name != "" || reader.Comment != "" || len(reader.Extra) > 0 {
		return nil, refuse(Malformed, "the compression's header carries something")
	}
	bound := int64(min(maxArchive, len(packed)*maxRatio))
	archive, err := io.ReadAll(io.LimitReader(reader, bound+1))
	switch {
	case err != nil:
		return nil, refuse(Malformed, "unpack: %w", err)
	case int64(len(archive)) > bound:
		return nil, refuse(TooLarge, "unpacks to more than %d bytes", bound)
	case source.Len() > 0:
		return nil, refuse(Malformed, "something follows the archive")
	}
	return archive, nil
}
