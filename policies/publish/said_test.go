package publish

import (
	"strings"
	"testing"
	"time"
)

// What is said in a bundle's note or a step back's reason stays on record: no personal number, nothing that misleads, nothing unseen.
func TestWhatIsSaidStaysOnRecord(t *testing.T) {
	t.Parallel()
	digest, packed := strings.Repeat("a", 64), time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]bool{
		"one class fewer for reminders": true, "for 310101198603140127": false, "turned \u202eround": false, "two\nlines": false, "\xff": false,
	} {
		s := Statement{Format: formatVersion, Revision: digest, Content: digest, Author: "li.wei", Sequence: uint64(packed.UnixMilli()), Packed: packed, Note: text}
		if err := s.check(); (err == nil) != want {
			t.Errorf("note %q: %v", text, err)
		}
		r := Rollback{Format: formatVersion, From: digest, Sequence: uint64(packed.UnixMilli()), By: "wang.fang", Reason: text}
		if err := r.check(); (err == nil) != want {
			t.Errorf("reason %q: %v", text, err)
		}
	}
	if (&Rollback{Format: formatVersion, From: digest, Sequence: 1, By: "wang.fang", Reason: "\u200b\u3164"}).check() == nil {
		t.Error("a reason that nobody sees was taken")
	}
}
