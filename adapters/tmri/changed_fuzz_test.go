package tmri

import (
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// FuzzChanged reads listings of any bytes: a row is broken, or says of whom it is, what, where and when; and no text of the listing
// gets into an error.
func FuzzChanged(f *testing.F) {
	const head = `<root><head><code>1</code><rownum>1</rownum></head><body><DrvPerson id="0">`
	for _, row := range []string{
		"<sfzmhm>11010519491231002X</sfzmhm><xm>沈</xm><fzjg>沪A</fzjg><zt>A</zt><gxsj>2026-11-24 08:00:00</gxsj>",
		"<sfzmhm>11010519491231002X</sfzmhm><glbm>310000000400</glbm><ljjf>3</ljjf><gxsj>2026-11-24 08:00:00.0</gxsj>",
		"<sfzmhm>1</sfzmhm><gxsj>yesterday</gxsj>", "<zjcx>QQQ</zjcx>", "",
	} {
		f.Add([]byte(head + row + "</DrvPerson></body></root>"))
	}
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, document []byte) {
		read, err := readDocument(string(document), 100)
		if err != nil {
			return
		}
		for _, found := range read.rows {
			row := changed{}.row(found, exchange.ChangesQuestion{Now: now})
			if row.Broken == nil && (row.Subject.IDNumber.IsZero() || row.Place.Moment.IsZero() || len(row.Facts.Said()) == 0) {
				t.Fatal("a row lacks what a report needs and is not broken")
			}
			if number := found.text("sfzmhm"); row.Broken != nil && len(number) > 8 && strings.Contains(row.Broken.Error(), number) {
				t.Fatal("an error shows the ID number")
			}
		}
	})
}
