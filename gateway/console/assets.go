package console

import (
	"embed"
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

//go:embed assets
var assetFiles embed.FS

// assets are the files that pages load, each under a name that holds its digest: a browser keeps it for good, and never an old one.
type assets struct {
	names map[string]string // style.css to /assets/style.<digest>.css
	files map[string]asset
}

type asset struct {
	content []byte
	kind    string
	tag     string
}

const assetsPath = "/assets/"

func loadAssets() (*assets, error) {
	a := &assets{names: map[string]string{}, files: map[string]asset{}}
	entries, err := assetFiles.ReadDir("assets")
	if err != nil {
		return nil, fmt.Errorf("console: list own files: %w", err)
	}
	for _, entry := range entries {
		content, err := assetFiles.ReadFile("assets/" + entry.Name())
		if err != nil {
			return nil, fmt.Errorf("console: read own files: %w", err)
		}
		a.add(entry.Name(), content)
	}
	return a, nil
}

func (a *assets) add(name string, content []byte) {
	sum := smcrypto.SM3(content)
	digest := base64.RawURLEncoding.EncodeToString(sum[:12])
	extension := path.Ext(name)
	served := assetsPath + strings.TrimSuffix(name, extension) + "." + digest + extension
	a.names[name] = served
	a.files[served] = asset{content, mime.TypeByExtension(extension), `"` + digest + `"`}
}

// serve answers if it is one of them. They hold nothing that is worth a secret, so everybody gets them.
func (a *assets) serve(w http.ResponseWriter, r *http.Request) bool {
	file, ok := a.files[r.URL.Path]
	if !ok || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", file.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", file.tag)
	if r.Header.Get("If-None-Match") == file.tag {
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(file.content) // who hung up needs no answer
	}
	return true
}
