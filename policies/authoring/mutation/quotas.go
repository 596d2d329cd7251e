package mutation

// quotas lets platforms ask more, or without end.
func (s *spoiler) quotas() {
	for _, of := range []string{"byStanding", "byPlatform"} {
		for _, who := range s.keys("quotas", of) {
			for _, purpose := range s.keys("quotas", of, who) {
				for _, kind := range s.keys("quotas", of, who, purpose) {
					s.add(1, "quotas", of, who, purpose, kind)
					s.remove("quotas", of, who, purpose, kind)
				}
			}
		}
	}
}
