package citizen

import (
	"fmt"
	"time"
)

// Amend changes a citizen's licence at a moment, which becomes its time of update (gxsj), and tells whether there is one. It is how a
// test or a demonstration makes something happen at the traffic police.
func (r *Registry) Amend(idNumber string, at time.Time, change func(*Licence)) bool {
	licensed := false
	r.Update(idNumber, func(person *Citizen) {
		if licensed = person.Licensed(); !licensed {
			return
		}
		change(&person.Licence)
		person.Licence.Updated = at
	})
	return licensed
}

// Replace gives a citizen a new card for a lost one (补证) at a moment: a new card number, one replacement more, issued that day.
func (r *Registry) Replace(idNumber string, at time.Time) bool {
	number := r.cards.Add(1)
	return r.Amend(idNumber, at, func(l *Licence) {
		l.CardNumber = fmt.Sprintf("%s9%010d", l.Office.Code[:2], number)
		l.Replaced++
		l.Issued = dayOf(at)
	})
}
