// Package browser walks pages of the console in a real Chromium, as a person would, and notes whatever no page of ours may do. It is for
// tests alone; what the pages should say is theirs to know.
package browser
