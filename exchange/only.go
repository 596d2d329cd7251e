package exchange

// Only gives what the facts say of the aspects, and silence of all others.
func (f *Facts) Only(aspects []Aspect) Facts {
	var kept Facts
	for _, aspect := range aspects {
		kept.take(f, aspect)
	}
	return kept
}
