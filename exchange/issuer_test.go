package exchange

import "testing"

func TestIssuerRegion(t *testing.T) {
	t.Parallel()
	seen := map[Region]bool{}
	for character := range issuerTable {
		region := IssuerRegion(string(character) + "A")
		if !region.Provincial() || seen[region] {
			t.Errorf("%c gives %q", character, region)
		}
		seen[region] = true
	}
	if len(seen) != 31 {
		t.Errorf("%d provinces, want the 31 with a traffic police of their own", len(seen))
	}
	for _, fzjg := range []string{"", "A", "港A", "\xff"} {
		if region := IssuerRegion(fzjg); region != "" {
			t.Errorf("%q gives %s", fzjg, region)
		}
	}
}

// A caller that claims its own province for a licence kept elsewhere learns nothing, whatever it asks.
func TestClaimedProvinceMustKeepTheLicence(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		source Region
		issuer string
		want   Code
	}{
		"kept here, national source":      {National, "沪A", ""},
		"kept elsewhere, national source": {National, "浙A", NoRecord},
		"not said, national source":       {National, "", SourceInvalid},
		"unknown, national source":        {National, "X", SourceInvalid},
		"kept here, own source":           {"310000", "沪A", ""},
		"kept elsewhere, own source":      {"310000", "浙A", NoRecord},
		"not said, own source":            {"310000", "", ""},
		"not said, another's source":      {"330000", "", SourceInvalid},
	}
	for name, c := range cases {
		for _, op := range []Operation{LicenceQuery, ViolationsQuery, PictureQuery} {
			b, q := newBench(), query(t)
			q.Operation, b.decider.decision, b.first.licence.Issuer = op, allow(op), c.issuer
			b.Routes[0].Sources[0].Region = c.source
			b.Routes[0].Sources = b.Routes[0].Sources[:1]
			answer, err := b.Query(t.Context(), q)
			if c.want != "" {
				b.refused(t, answer, err, c.want)
			} else if err != nil {
				t.Errorf("%s, %s: %v", name, op, err)
			}
		}
	}
}

// Violations carry no name, so the licence is read first: a wrong name must not learn them.
func TestViolationsAreNotToldToAWrongName(t *testing.T) {
	t.Parallel()
	for _, op := range []Operation{ViolationsQuery, PictureQuery} {
		b, q := newBench(), query(t)
		q.Operation, b.decider.decision, q.Subject.Name = op, allow(op), "李四"
		answer, err := b.Query(t.Context(), q)
		b.refused(t, answer, err, IdentityMismatch)
		b = newBench()
		b.decider.decision = allow(op)
		b.Routes[0].Sources[0].Licences, b.Routes[0].Sources = nil, b.Routes[0].Sources[:1]
		answer, err = b.Query(t.Context(), q)
		b.refused(t, answer, err, OperationNotOffered)
	}
}
