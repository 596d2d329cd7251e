package row

import (
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// AsOf gives the moment at which a province's copy was true: its cd_time, when the row was last synchronised (D2 in the
// register of assumptions). Without that column the copy counts as assumedAge old at the moment now. The error is as in
// [Licence]; a time that lies ahead is passed on, since exchange.Broker judges it for every source alike.
func AsOf(columns map[string]string, now time.Time, assumedAge time.Duration) (time.Time, error) {
	r := reader{cells: Columns(columns)}
	synchronised := r.moment("cd_time")
	if r.err != nil {
		return time.Time{}, r.err
	}
	if synchronised.IsZero() {
		return now.Add(-assumedAge), nil
	}
	return synchronised, nil
}

// Sighting reads a row of a province's copy that was asked for: [CheckPerson], then [Licence], then [AsOf].
func Sighting(columns map[string]string, request exchange.SourceRequest, assumedAge time.Duration) (exchange.Sighting[exchange.Licence], error) {
	var sighting exchange.Sighting[exchange.Licence]
	err := CheckPerson(Columns(columns), request.Subject)
	if err == nil {
		sighting.Value, err = Licence(columns)
	}
	if err == nil {
		sighting.AsOf, err = AsOf(columns, request.Now, assumedAge)
	}
	if err != nil {
		return exchange.Sighting[exchange.Licence]{}, err
	}
	return sighting, nil
}
