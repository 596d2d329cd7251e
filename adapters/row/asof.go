package row

import "time"

// AsOf gives the moment at which a province's copy was true: its cd_time, when the row was last synchronised (D2 in the
// register of assumptions). Without that column, or with a time that lies ahead of now and so proves nothing, the copy
// counts as assumedAge old. The error is as in [Licence].
func AsOf(columns map[string]string, now time.Time, assumedAge time.Duration) (time.Time, error) {
	r := reader{columns: columns}
	synchronised := r.moment("cd_time")
	if r.err != nil {
		return time.Time{}, r.err
	}
	if synchronised.IsZero() || synchronised.After(now) {
		return now.Add(-assumedAge), nil
	}
	return synchronised, nil
}
