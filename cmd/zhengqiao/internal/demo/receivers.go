package demo

import (
	"errors"
	"regexp"
)

// WithReceivers gives the demo's configuration with other receivers, a YAML list, none for an empty one; with them go the operators.
// For measurements and tests, which are told in ways of their own.
func WithReceivers(configuration, receivers string) (string, error) {
	section := regexp.MustCompile(`(?s)\nreceivers:\n.*?\n# Who announces`)
	if !section.MatchString(configuration) {
		return "", errors.New("this is no configuration of the demo: it has no receivers")
	}
	if receivers != "" {
		receivers = "receivers:\n" + receivers
	}
	return section.ReplaceAllLiteralString(configuration, "\n"+receivers+"\n# Who announces"), nil
}
