package demo

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// canaryPrefix begins the keys of the personas that canaries ask for.
const canaryPrefix = "canary-"

// AddCanaries puts canaries into the configuration, and whom they are about beside the keys. A test that counts what a stand-in is asked
// leaves them out.
func (w *World) AddCanaries() error {
	var problems []error
	for _, persona := range w.Citizens.Personas() {
		if strings.HasPrefix(persona.Key, canaryPrefix) {
			file := filepath.Join(w.place.keys(), persona.Key)
			problems = append(problems, os.WriteFile(file+".name", []byte(persona.Name+"\n"), 0o600),
				os.WriteFile(file+".id", []byte(persona.IDNumber+"\n"), 0o600))
		}
	}
	text, err := settings{Keys: "keys"}.fill("canaries")
	file, openErr := os.OpenFile(w.ConfigPath(), os.O_WRONLY|os.O_APPEND, 0o600)
	if openErr != nil {
		return openErr
	}
	_, writeErr := file.WriteString(text)
	return errors.Join(errors.Join(problems...), err, writeErr, file.Close())
}
