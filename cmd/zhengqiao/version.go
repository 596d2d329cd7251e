package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "say which version this is, from which commit and by which Go it was built",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			fmt.Fprintln(command.OutOrStdout(), "zhengqiao", version())
			return nil
		},
	}
}

// version is what the build left in the program: a module version, or the commit and whether the tree was changed since. An
// archive without version control gives (devel) alone.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	text := info.Main.Version
	if commit := settings["vcs.revision"]; commit != "" {
		text += ", commit " + commit + " of " + settings["vcs.time"]
	}
	if settings["vcs.modified"] == "true" {
		text += ", changed since"
	}
	return text + ", " + info.GoVersion + " " + settings["GOOS"] + "/" + settings["GOARCH"]
}
