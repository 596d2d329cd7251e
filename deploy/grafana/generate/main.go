// Command generate writes the dashboards into the folder that is named; `go generate` runs it.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/zhengqiao/zhengqiao/deploy/grafana"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: generate FOLDER")
		os.Exit(1)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(folder string) error {
	for _, language := range grafana.Languages() {
		text, err := grafana.Dashboard(language)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, "zhengqiao-"+language+".json"), text, 0o644); err != nil {
			return fmt.Errorf("write a dashboard: %w", err)
		}
	}
	return nil
}
