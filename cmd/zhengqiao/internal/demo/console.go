package demo

import (
	"errors"
	"fmt"
	"os"
)

// consoleText is what the demo's configuration says of the console.
const consoleText = `
# Pages for operators, for who sits at this machine. For others: docs/console.md.
console:
  listen: %s
  mode: local
`

// AddConsole gives the folder's gateway a console at an address; "" is none.
func (w *World) AddConsole(listen string) error {
	if listen == "" {
		return nil
	}
	file, err := os.OpenFile(w.ConfigPath(), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("add the console: %w", err)
	}
	_, err = fmt.Fprintf(file, consoleText, bindable(listen))
	return errors.Join(err, file.Close())
}
