package matrix

import (
	"fmt"
	"io"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// profile is how a field is shown from level to level.
type profile struct {
	from   string // as a matrix file writes it
	fields []string
}

// WriteSheet writes what a platform sees as a matrix file, for a person to read and to keep. It says what is, not what should be.
func (m *Matrix) WriteSheet(w io.Writer, platform string) error {
	var b strings.Builder
	names := m.names()
	fmt.Fprintf(&b, "# What %s %s sees, from which level of assurance on and how. Whatever is not listed is hidden.\nplatform: %s\nsees:\n",
		names.platform(platform).ZH, names.platform(platform).EN, platform)
	purpose, operation := "", exchange.Operation("")
	for _, section := range m.Shown() {
		if section.Platform != platform {
			continue
		}
		if section.Purpose != purpose {
			fmt.Fprintf(&b, "  %s: # %s\n", section.Purpose, names.purpose(section.Purpose).ZH)
			purpose, operation = section.Purpose, ""
		}
		if section.Operation != operation {
			fmt.Fprintf(&b, "    %s:\n", section.Operation)
			operation = section.Operation
		}
		fmt.Fprintf(&b, "      %s:\n", section.Region)
		m.writeGroups(&b, section)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (m *Matrix) writeGroups(b *strings.Builder, section Section) {
	for _, p := range m.profiles(section) {
		fmt.Fprintf(b, "        - from: {%s}\n", p.from)
		line := "          fields: ["
		for i, field := range p.fields {
			if i > 0 {
				line += ", "
			}
			if len(line)+len(field) > 120 {
				b.WriteString(strings.TrimRight(line, " ") + "\n")
				line = "            "
			}
			line += field
		}
		b.WriteString(line + "]\n")
	}
}

// profiles groups the fields of a section by how they are shown, in the contract's order.
func (m *Matrix) profiles(section Section) []*profile {
	var all []*profile
	known := map[string]*profile{}
	if section.Region == Any {
		section.Region = Own
	}
	for _, field := range section.Fields() {
		from := m.from(section, field)
		if from == "" {
			continue
		}
		if known[from] == nil {
			known[from] = &profile{from: from}
			all = append(all, known[from])
		}
		known[from].fields = append(known[from].fields, string(field))
	}
	return all
}

// from says from which level on a field is shown, and how; "" where it never is.
func (m *Matrix) from(section Section, field exchange.Field) string {
	var steps []string
	before := word("")
	for _, level := range m.Levels {
		now := word(m.Mask(section, level, field))
		if now != before {
			steps = append(steps, level+": "+now)
		}
		before = now
	}
	return strings.Join(steps, ", ")
}

// Shown gives the sections that show something; two regions that show the same are one, Any.
func (m *Matrix) Shown() []Section {
	var all []Section
	for _, section := range m.Sections {
		own, other := section, section
		own.Region, other.Region = Own, Other
		same := m.Same(own, other)
		if m.Empty(section) || same && section.Region == Other {
			continue
		}
		if same {
			section.Region = Any
		}
		all = append(all, section)
	}
	return all
}
