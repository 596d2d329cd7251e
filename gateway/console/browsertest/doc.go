// Package browsertest walks the console in a real browser, as operators do: in both languages, by keyboard alone, without an outside
// request. It holds tests only. They need Chromium and, for the check of accessibility, axe-core; in CI both must be there.
package browsertest
