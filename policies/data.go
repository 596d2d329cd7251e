package policies

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/open-policy-agent/opa/v1/util"
)

// addData merges the file's top-level keys into the data document; a key has one file.
func (b *bundle) addData(path string, content []byte) error {
	if err := b.places.locate(path, content); err != nil {
		return fmt.Errorf("policies: %w", err)
	}
	asJSON, err := yaml.YAMLToJSON(content)
	if err != nil {
		return fmt.Errorf("policies: %w", at(path, err))
	}
	var members map[string]any
	if err := util.UnmarshalJSON(asJSON, &members); err != nil {
		return fmt.Errorf("policies: %s: %w", path, err)
	}
	for key, value := range members {
		if _, taken := b.data[key]; taken {
			return fmt.Errorf("policies: %s: %q is in another data file already", b.places[key], key)
		}
		b.data[key] = value
	}
	return nil
}

// checkData holds all data against its shape. The error has every fault, each with file, line and path.
func (b *bundle) checkData() error {
	known := sections()
	c := checker{data: b.data, places: b.places}
	var missing []error
	for _, section := range slices.Sorted(maps.Keys(known)) {
		if b.data[section] == nil && !slices.Contains(optionalSections(), section) {
			missing = append(missing, fmt.Errorf("policies: no data file has %s", section))
		}
	}
	for section, value := range b.data {
		if check := known[section]; check != nil {
			check(&c, section, value)
			continue
		}
		c.unknown(section, slices.Collect(maps.Keys(known)), "no such part of the data")
	}
	return errors.Join(append(missing, c.errors()...)...)
}
