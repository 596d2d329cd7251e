package app

import "runtime/debug"

// Version is what the build left in the program: a module version, or the commit and whether the tree was changed since. An
// archive without version control gives (devel) alone.
func Version() string {
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
