package publish

import (
	"bytes"
	"encoding/json"
	"hash"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zhengqiao/zhengqiao/exchange/personal"
)

// formatVersion is that of the bundle and of all that is signed about it.
const formatVersion = 1

// Statement is what the author says of a bundle and everybody signs. A change of the bundle makes another statement, so that no
// signature outlives an edit.
type Statement struct {
	Format   int       `json:"format"`   // 1
	Revision string    `json:"revision"` // of what decides, as records of decisions name it: hex SM3
	Content  string    `json:"content"`  // of everything in the bundle, tests included: hex SM3
	Sequence uint64    `json:"sequence"` // when it was packed, in milliseconds since 1970 UTC; only what is newer than what was in force comes into force
	Base     string    `json:"base"`     // revision that the author compared it with
	Author   string    `json:"author"`   // who answers for it
	Note     string    `json:"note"`     // what it is for, in the author's words, one line
	Trial    Trial     `json:"trial"`    // of the author; a gateway makes its own
	Impact   *Impact   `json:"impact"`   // report on recorded decisions; nil: none was made
	Packed   time.Time `json:"packed"`   // the sequence for people
}

// Trial is what check, tests and comparison gave when the bundle was packed.
type Trial struct {
	Tests    int      `json:"tests"`    // that passed: Rego, cases, matrix
	Coverage float64  `json:"coverage"` // share of the lines of rules that they reach, in percent
	Widens   bool     `json:"widens"`   // somebody sees more than by the base
	Gains    []string `json:"gains"`    // what is seen more, the first of it
}

// Impact names a report of what recorded decisions would have become.
type Impact struct {
	Report string `json:"report"` // hex SM3 of the report's file
	Widens bool   `json:"widens"`
}

// Bounds of texts in a statement.
const (
	maxNote  = 500
	maxGains = 50
	maxGain  = 300
)

var (
	digestForm = regexp.MustCompile(`^[0-9a-f]{64}$`)
	partyForm  = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$`)
)

// NewStatement says what is in the files, packed now.
func NewStatement(files Files, newHash func() hash.Hash, author, base, note string, now time.Time) Statement {
	return Statement{
		Format: formatVersion, Revision: files.Revision(newHash), Content: files.Content(newHash), Sequence: uint64(now.UnixMilli()),
		Base: base, Author: author, Note: note, Packed: now.UTC().Truncate(time.Millisecond), Trial: Trial{Gains: []string{}},
	}
}

// encode gives the one way in which a statement is written.
func (s *Statement) encode() ([]byte, error) {
	if s.Trial.Gains == nil {
		s.Trial.Gains = []string{}
	}
	s.Trial.Gains = s.Trial.Gains[:min(len(s.Trial.Gains), maxGains)]
	if err := s.check(); err != nil {
		return nil, err
	}
	return json.MarshalIndent(s, "", "  ")
}

// readStatement takes a statement only as encode writes it: no unknown or repeated member, no other spelling of a value.
func readStatement(text []byte) (*Statement, error) {
	var s Statement
	if err := readCanonical(text, &s); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return &s, nil
}

// readCanonical decodes JSON that encoding it again gives back byte by byte.
func readCanonical(text []byte, into any) error {
	if err := json.Unmarshal(text, into); err != nil {
		return refuse(Malformed, "read: %w", err)
	}
	again, err := json.MarshalIndent(into, "", "  ")
	if err != nil || !bytes.Equal(again, text) {
		return refuse(Malformed, "JSON that is not written in the one way that it can be written")
	}
	return nil
}

func (s *Statement) check() error {
	switch {
	case s.Format != formatVersion:
		return refuse(Malformed, "format %d; this program knows %d", s.Format, formatVersion)
	case !digestForm.MatchString(s.Revision) || !digestForm.MatchString(s.Content) || s.Base != "" && !digestForm.MatchString(s.Base):
		return refuse(Malformed, "revision, content and base are 64 hexadecimal digits")
	case s.Impact != nil && !digestForm.MatchString(s.Impact.Report):
		return refuse(Malformed, "the digest of the impact report is 64 hexadecimal digits")
	case !partyForm.MatchString(s.Author):
		return refuse(Malformed, "author: want 1 to 64 of a-z, 0-9, dot and hyphen")
	case s.Sequence == 0 || int64(s.Sequence) != s.Packed.UnixMilli():
		return refuse(Malformed, "sequence and packed are not the same moment")
	case !line(s.Note, maxNote) || len(s.Trial.Gains) > maxGains:
		return refuse(Malformed, "the note is one line of at most %d bytes, the gains are at most %d", maxNote, maxGains)
	case personal.Holds(s.Note, s.Packed):
		return refuse(Malformed, "the note holds an ID number, and would stay on record")
	case slices.ContainsFunc(s.Trial.Gains, func(gain string) bool { return !line(gain, maxGain) }):
		return refuse(Malformed, "a gain is one line of at most %d bytes", maxGain)
	}
	return nil
}

// line says whether a text is one line that reads as it is written.
func line(text string, most int) bool {
	return len(text) <= most && utf8.ValidString(text) && !strings.ContainsFunc(text, personal.Misleading)
}
