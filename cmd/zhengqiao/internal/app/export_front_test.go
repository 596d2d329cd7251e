package app

import "github.com/zhengqiao/zhengqiao/changefeed"

// Intake, Book, Parking and Dispatcher give the parts of the synchronisation.
func (a *App) Intake() *changefeed.Intake         { return a.changes.intake }
func (a *App) Book() *changefeed.Book             { return a.changes.book }
func (a *App) Parking() *changefeed.Parking       { return a.changes.parking }
func (a *App) Dispatcher() *changefeed.Dispatcher { return a.changes.dispatcher }

// Pseudonym gives the key of a licence by its holder's number.
func (a *App) Pseudonym(r *changefeed.Known) string {
	return a.broker.Pseudonyms.Pseudonym(r.Subject.IDNumber)
}
