package citizen

import (
	_ "embed"
	"strings"
)

// Division is a county-level administrative division (GB/T 2260) with the licence office that serves it.
type Division struct {
	Code   string // six digits, GB/T 2260
	Name   string // full name, province first
	Office string // 发证机关 as licences print it: province character and office letter, e.g. 沪A
}

// Province gives the six-digit code of the division's province, e.g. 310000.
func (d Division) Province() string { return provinceOf(d.Code) }

func provinceOf(code string) string { return code[:2] + "0000" }

//go:embed divisions.csv
var divisionTable string

// Divisions lists the divisions that the data set draws from: two or three of each of the 31 provincial regions.
func Divisions() []Division {
	lines := strings.Fields(divisionTable)
	divisions := make([]Division, 0, len(lines))
	for _, line := range lines {
		cells := strings.Split(line, ",")
		divisions = append(divisions, Division{Code: cells[0], Name: cells[1], Office: cells[2]})
	}
	return divisions
}

// byCode indexes divisions by their codes.
func byCode(divisions []Division) map[string]Division {
	index := make(map[string]Division, len(divisions))
	for _, division := range divisions {
		index[division.Code] = division
	}
	return index
}
