package trail

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
)

// SearchPerson is the operation by which records name a search for a person.
const SearchPerson exchange.Operation = "operators.search"

var pseudonym = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)

// person searches for the records about a person, after the search itself is on record.
func (p page) person(v *console.Visit) error {
	a, q, err := read(v.PostForm)
	if err != nil {
		return err
	}
	if !pseudonym.MatchString(a.Subject) {
		return wrong("人员假名为 64 位十六进制字符；不得填写身份证号。", "A pseudonym has 64 hexadecimal digits; ID numbers have no place here.")
	}
	if err := p.record(v, &q); err != nil {
		return err
	}
	before, err := strconv.ParseUint(v.PostForm.Get("before"), 10, 64)
	if err != nil {
		before = math.MaxUint64
	}
	return p.show(v, a, q, before)
}

func (p page) record(v *console.Visit, q *query) error {
	return v.Record(p.Recorder, exchange.Record{Time: p.Clock().UTC(), Operation: SearchPerson, Subject: strings.ToLower(q.Subject)})
}
