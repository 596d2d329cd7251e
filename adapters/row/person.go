package row

import (
	"errors"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

var (
	errOther      = errors.New("the record is another person's than the one asked for")
	errName       = errors.New("the name asked for is not the record's")
	errFileNumber = errors.New("the file number asked for is not the record's")
)

// CheckPerson compares a row with the person asked for, and comes before anything else is read. A row with another ID number,
// or none, is another person's: SourceInvalid. With the right number, a different name or file number (dabh) means that the
// caller's data don't belong together: IdentityMismatch. A name or file number that either side lacks is not compared.
func CheckPerson(columns map[string]string, subject exchange.Subject) error {
	r := reader{columns: columns}
	switch {
	case subject.IDNumber.IsZero() || !strings.EqualFold(r.text("sfzmhm"), subject.IDNumber.Reveal()):
		return exchange.Errorf(exchange.SourceInvalid, "%w", errOther)
	case differ(plainName(r.text("xm")), plainName(subject.Name)):
		return exchange.Errorf(exchange.IdentityMismatch, "%w", errName)
	case differ(r.text("dabh"), strings.TrimSpace(subject.FileNumber)):
		return exchange.Errorf(exchange.IdentityMismatch, "%w", errFileNumber)
	}
	return nil
}

func differ(a, b string) bool { return a != "" && b != "" && a != b }

// plainName writes the dot between the parts of a name as GB 18030 prints it (·, U+00B7). Input methods produce others that
// look the same, and whoever bears such a name should not be told that it is wrong.
func plainName(name string) string {
	return nameDots.Replace(strings.TrimSpace(name))
}

var nameDots = strings.NewReplacer("•", "·", "‧", "·", "・", "·", "･", "·", "．", "·", ".", "·")
