package httpsig

import "github.com/dunglas/httpsfv"

// input is one parsed Signature-Input line.
type input struct {
	label   string
	covered []component
	given   *httpsfv.Params // the parameters, unchecked; nil: they were plain
	plain   parameters
	// signed is the value of "@signature-params": components and parameters.
	signed string
}

// parseInput reads a Signature-Input field of one line with one label and refuses
// any form but the canonical one. A repeated label or parameter does not survive
// parsing and so shows up as a difference.
func parseInput(lines []string) (input, error) {
	switch {
	case len(lines) == 0:
		return input{}, ErrInputMissing
	case len(lines) > 1:
		return input{}, ErrInputDoubled
	case len(lines[0]) > maxInput:
		return input{}, ErrMalformed
	}
	label, member, err := soleMember(lines)
	if err != nil {
		return input{}, err
	}
	list, ok := member.(httpsfv.InnerList)
	if !ok {
		return input{}, ErrMalformed
	}
	return newInput(label, list, lines[0])
}

func newInput(label string, list httpsfv.InnerList, line string) (input, error) {
	canonical, err := httpsfv.Marshal(list)
	if err != nil || line != label+"="+canonical {
		return input{}, ErrNotCanonical
	}
	in := input{label: label, given: list.Params, signed: canonical}
	for _, item := range list.Items {
		c, err := newComponent(item)
		if err != nil {
			return input{}, err
		}
		in.covered = append(in.covered, c)
	}
	return in, nil
}

// soleMember parses a dictionary that must have exactly one member.
func soleMember(lines []string) (string, httpsfv.Member, error) {
	dictionary, err := httpsfv.UnmarshalDictionary(lines)
	if err != nil {
		return "", nil, ErrMalformed
	}
	names := dictionary.Names()
	if len(names) != 1 {
		return "", nil, ErrLabel
	}
	member, _ := dictionary.Get(names[0])
	return names[0], member, nil
}

// usualBase is room for the base of a usual message; a longer one makes it grow.
const usualBase = 512

// base builds the signature base of RFC 9421 section 2.5.
func (in input) base(m message) ([]byte, error) {
	base := make([]byte, 0, usualBase)
	for _, c := range in.covered {
		value, err := m.value(c)
		if err != nil {
			return nil, err
		}
		base = append(base, c.identifier...)
		base = append(base, ": "...)
		base = append(base, value...)
		base = append(base, '\n')
	}
	base = append(base, `"@signature-params": `...)
	return append(base, in.signed...), nil
}
