package httpsig

import (
	"net/http"
	"net/textproto"
	"strings"

	"github.com/dunglas/httpsfv"
)

// component is one covered component (RFC 9421 section 2) with the two component
// parameters that the profile needs. Any other parameter is refused.
type component struct {
	// identifier is the serialised form, such as "signature";req;key="sig1".
	identifier string
	name       string
	// key selects one member of a dictionary field (section 2.1.2).
	key string
	// req takes the value from the request that is answered (section 2.4).
	req bool
}

// message gives the value of a component, or ErrComponents if it has none.
type message interface {
	value(component) (string, error)
}

func newComponent(item httpsfv.Item) (component, error) {
	name, ok := item.Value.(string)
	if !ok || name == "" || name != strings.ToLower(name) {
		return component{}, ErrComponents
	}
	c := component{name: name}
	for _, parameter := range item.Params.Names() {
		value, _ := item.Params.Get(parameter)
		if !c.set(parameter, value) {
			return component{}, ErrComponents
		}
	}
	identifier, err := httpsfv.Marshal(item)
	if err != nil {
		return component{}, ErrComponents
	}
	c.identifier = identifier
	return c, nil
}

func (c *component) set(parameter string, value any) (ok bool) {
	switch parameter {
	case "req":
		c.req, ok = value.(bool)
		return ok && c.req
	case "key":
		c.key, ok = value.(string)
		return ok && c.key != ""
	default:
		return false
	}
}

// fieldValue joins the lines of a field (RFC 9421 section 2.1), or takes one
// member of a dictionary field in its canonical form.
func fieldValue(header http.Header, c component) (string, error) {
	lines := header[textproto.CanonicalMIMEHeaderKey(c.name)]
	if len(lines) == 0 || strings.HasPrefix(c.name, "@") {
		return "", ErrComponents
	}
	if c.key != "" {
		return memberValue(lines, c.key)
	}
	if len(lines) == 1 {
		return plain(lines[0])
	}
	trimmed := make([]string, len(lines))
	for i, line := range lines {
		trimmed[i] = strings.TrimSpace(line)
	}
	return plain(strings.Join(trimmed, ", "))
}

func memberValue(lines []string, key string) (string, error) {
	if _, ok := plainBytes(lines, key); ok {
		return lines[0][len(key)+len("="):], nil
	}
	dictionary, err := httpsfv.UnmarshalDictionary(lines)
	if err != nil {
		return "", ErrComponents
	}
	member, ok := dictionary.Get(key)
	if !ok {
		return "", ErrComponents
	}
	// Both kinds of member are values that can be serialised.
	value, ok := member.(httpsfv.StructuredFieldValue)
	if !ok {
		return "", ErrComponents
	}
	text, err := httpsfv.Marshal(value)
	if err != nil {
		return "", ErrComponents
	}
	return text, nil
}

// plain refuses line breaks, which would let one value look like two components
// (RFC 9421 section 7.5.6).
func plain(value string) (string, error) {
	if strings.ContainsAny(value, "\r\n") {
		return "", ErrComponents
	}
	return strings.TrimSpace(value), nil
}
