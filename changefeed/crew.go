package changefeed

// crew is the goroutines that tell, of one stint. They stay until it ends: a new one for each notice would grow its stack anew each time,
// which cost six in a hundred of all that a delivery costs.
type crew struct {
	size int
	work chan func() result
}

func newCrew() *crew { return &crew{work: make(chan func() result, laneWidth)} }

// hand gives work to somebody. busy is how many have some.
func (c *crew) hand(busy int, work func() result, results chan<- result) {
	if busy >= c.size {
		c.size++
		go func() {
			for do := range c.work {
				results <- do()
			}
		}()
	}
	c.work <- work
}

// dismiss ends it, when nobody has work.
func (c *crew) dismiss() { close(c.work) }
