package row

import (
	"fmt"
	"maps"
	"slices"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Failures gives, for a platform's own failure code, the code of package exchange that says the same. Which codes a data set
// answers is not public and differs by province, so the table is configuration. Where a platform puts its code, and which code
// means success, is its adapter's to say.
type Failures map[string]exchange.Code

// Validate names the first entry whose value is no failure of a source; key is where the table stands in the configuration.
func (f Failures) Validate(key string) error {
	for _, code := range slices.Sorted(maps.Keys(f)) {
		if !ofSource(f[code]) {
			return fmt.Errorf("%s.%s: %q is no failure of a source", key, code, f[code])
		}
	}
	return nil
}

// With gives a table that has f's entries and, for codes that f does not name, those of defaults.
func (f Failures) With(defaults Failures) Failures {
	merged := maps.Clone(defaults)
	if merged == nil {
		merged = Failures{}
	}
	maps.Copy(merged, f)
	return merged
}

// Knows reports whether the code is in the table.
func (f Failures) Knows(code string) bool {
	_, ok := f[code]
	return ok
}

// Error gives the failure that the platform's code stands for. A code that the table does not name is SourceDown: the platform
// answered within its protocol and failed by its own account, which is neither a refusal nor a wrong answer, and says
// nothing about the record. The platform's own message is left out, since some repeat what was asked.
func (f Failures) Error(code string) error {
	meaning, ok := f[code]
	if !ok {
		meaning = exchange.SourceDown
	}
	return exchange.Errorf(meaning, "the platform answered code %s", shown(code))
}

// shown gives a platform's code as it may stand in a log. What does not look like a code is not shown: it could be anything, a
// phone or ID number among it.
func shown(code string) string {
	if !showable(code) {
		return "(not shown)"
	}
	return code
}

const (
	maxLength = 32 // the longest known code, C-USER-SSO-TICKET-INVALID, has 25 characters
	maxDigits = 8  // a mobile number has 11
)

func showable(code string) bool {
	digits := 0
	for _, char := range []byte(code) {
		switch {
		case char >= '0' && char <= '9':
			digits++
		case char >= 'A' && char <= 'Z', char >= 'a' && char <= 'z', char == '-', char == '_', char == '.':
		default:
			return false
		}
	}
	return code != "" && len(code) <= maxLength && digits <= maxDigits
}

func ofSource(code exchange.Code) bool {
	switch code {
	case exchange.NoRecord, exchange.IdentityMismatch, exchange.IdentityUnknown, exchange.SubjectDeceased,
		exchange.RecordNotArchived, exchange.IDDocumentExpired, exchange.TransferInterrupted, exchange.SourceRefused,
		exchange.SourceDown, exchange.SourceTimeout, exchange.SourceInvalid:
		return true
	}
	return false
}
