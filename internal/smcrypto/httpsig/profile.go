package httpsig

import (
	"strings"

	"github.com/dunglas/httpsfv"
)

// profile is one list of covered components, taken apart beforehand: a message
// that follows it begins with a known text, so that only its parameters are left
// to be parsed. Immutable; made where a signer or verifier is made.
type profile struct {
	prefix   string // label and components: what Signature-Input begins with
	covered  []component
	required int // has… bits of the parameters
}

func newProfile(components string, required int) (profile, error) {
	prefix := Label + "=(" + components + ")"
	in, err := parseInput([]string{prefix})
	return profile{prefix: prefix, covered: in.covered, required: required}, err
}

// input puts serialised parameters behind the components of the profile.
func (p profile) input(text string, given *httpsfv.Params) input {
	return input{
		label:   Label,
		covered: p.covered,
		given:   given,
		signed:  p.prefix[len(Label)+len("="):] + text,
	}
}

// read parses a Signature-Input field. What does not look as the profile does is
// read in the general way, to say why it is refused.
func (p profile) read(lines []string) (input, error) {
	if len(lines) != 1 || len(lines[0]) > maxInput {
		return input{}, fault(lines)
	}
	text, ok := strings.CutPrefix(lines[0], p.prefix)
	if !ok {
		return input{}, fault(lines)
	}
	if plain, ok := plainParameters(text); ok {
		in := p.input(text, nil)
		in.plain = plain
		return in, nil
	}
	// Parameters can only be parsed behind something: the shortest item is "true".
	item, err := httpsfv.UnmarshalItem([]string{anyItem + text})
	if err != nil {
		return input{}, fault(lines)
	}
	if canonical, err := httpsfv.Marshal(item); err != nil || canonical != anyItem+text {
		return input{}, fault(lines)
	}
	return p.input(text, item.Params), nil
}

// anyItem is the boolean true as a structured field (RFC 9651 section 3.3.6).
const anyItem = "?1"

// fault says why a Signature-Input field is not one of the profile.
func fault(lines []string) error {
	in, err := parseInput(lines)
	switch {
	case err != nil:
		return err
	case in.label != Label:
		return ErrLabel
	default:
		return ErrComponents
	}
}
