package tmri

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Changes names the interface that lists licences by their time of update, and its arguments. No such interface is public (register
// of assumptions, T8), so a stand-in has one only where it is configured.
type Changes struct {
	Interface string `json:"interface"` // interface id (jkid); empty: there is none
	From      string `json:"from"`      // argument of the first time of update, included, as yyyy-MM-dd HH:mm:ss
	After     string `json:"after"`     // argument of the ID number behind which rows of that first second go on; empty: there is none
	Rows      string `json:"rows"`      // argument of the number of rows; empty: there is none
	Most      int    `json:"most"`      // rows of an answer at most; 0: 1000
}

const defaultMost = 1000

func (c Changes) check() error {
	if c.Interface != "" && c.From == "" {
		return errors.New("tmri: changes.from is required with changes.interface")
	}
	return nil
}

// changed answers the listing: licences whose gxsj is not before the time asked for, by gxsj and, within a second, ID number.
func (p *platform) changed(_ standin.Call, asked condition) document {
	names := p.config.Changes
	from, err := time.ParseInLocation(time.DateTime, asked[names.From], citizen.Zone())
	if err != nil {
		return failure(codeGeneral, "时间格式错误："+names.From)
	}
	most := cmp.Or(names.Most, defaultMost)
	if wanted, err := strconv.Atoi(asked[names.Rows]); err == nil && wanted > 0 {
		most = min(most, wanted)
	}
	people := p.updatedSince(from, asked[names.After])
	var rows []citizen.Row
	for _, person := range people[:min(most, len(people))] {
		rows = append(rows, person.LicenceRow().Only(p.config.LicenceColumns))
	}
	return success("DrvPerson", rows...)
}

// updatedSince gives the people whose licences were updated in the second from or later, those of that very second only behind an ID number.
func (p *platform) updatedSince(from time.Time, after string) []citizen.Citizen {
	people := slices.DeleteFunc(p.registry.All(), func(person citizen.Citizen) bool {
		updated := person.Licence.Updated.Unix()
		passed := updated < from.Unix() || updated == from.Unix() && person.IDNumber <= after
		return passed || !person.Licensed() || person.Licence.NotArchived
	})
	slices.SortFunc(people, func(a, b citizen.Citizen) int {
		return cmp.Or(cmp.Compare(a.Licence.Updated.Unix(), b.Licence.Updated.Unix()), cmp.Compare(a.IDNumber, b.IDNumber))
	})
	return people
}
