package citizen

import "time"

// Zone is the zone of every date and time in the data set: Asia/Shanghai, which has had no summer time since 1991.
func Zone() *time.Location { return time.FixedZone("Asia/Shanghai", 8*60*60) }

// dayOf cuts a moment to the civil day in Zone.
func dayOf(moment time.Time) time.Time {
	year, month, day := moment.In(Zone()).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, Zone())
}

// addYears moves a day by whole years. 29 February falls on 28 February in common years (register of assumptions, C29).
func addYears(day time.Time, years int) time.Time {
	moved := day.AddDate(years, 0, 0)
	if moved.Day() != day.Day() {
		return moved.AddDate(0, 0, -1)
	}
	return moved
}

// nextClearing gives the first anniversary of the first issue after the given day: the end of the current points cycle
// (公安部令第163号, article 3). On the anniversary itself the new cycle has begun, so the next one is a year away.
func nextClearing(firstIssued, today time.Time) time.Time {
	years := today.Year() - firstIssued.Year()
	clearing := addYears(firstIssued, years)
	if !clearing.After(today) {
		clearing = addYears(firstIssued, years+1)
	}
	return clearing
}

// cycleStart gives the day on which the cycle that ends at the next clearing began. It counts from the first issue and
// not back from the clearing, because stepping back from 28 February would lose a 29 February.
func cycleStart(firstIssued, today time.Time) time.Time {
	clearing := nextClearing(firstIssued, today)
	return addYears(firstIssued, clearing.Year()-firstIssued.Year()-1)
}
