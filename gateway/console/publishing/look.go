package publishing

import (
	"errors"
	"net/http"
	"slices"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/gateway/console/draft"
)

// overview is what the first page shows.
type overview struct {
	Standing
	Candidates []Candidate
	Draft      draft.Draft // the visitor's own
	Moved      bool        // it was begun from another revision
}

func (p *page) revisions(v *console.Visit) error {
	standing, err := p.Registry.Standing(v.Context())
	if err != nil {
		return err
	}
	o := overview{Standing: standing, Draft: p.Drafts.Of(v.Person.ID)}
	o.Moved = o.Draft.Base != "" && o.Draft.Base != standing.InForce
	if p.Tray != nil {
		if o.Candidates, err = p.Tray.Candidates(v.Context()); err != nil {
			return err
		}
	}
	return v.Show("revisions", o)
}

// base is what is in force, to compare a candidate with.
func (p *page) base(v *console.Visit) error {
	bundle, err := p.Registry.Base(v.Context())
	if err != nil {
		return err
	}
	return v.Attach(baseName, bundle)
}

// baseName is what the page calls the file of what is in force, in its commands too.
const baseName = "in-force.bundle"

func (p *page) bundle(v *console.Visit) error {
	one, bundle, err := p.Tray.Candidate(v.Context(), v.PathValue("id"))
	if err != nil {
		return err
	}
	return v.Attach(one.File(), bundle)
}

// File is what the candidate's bundle is called.
func (c *Candidate) File() string {
	return "policies-" + c.Revision[:min(len(c.Revision), 12)] + ".bundle"
}

func (p *page) candidate(v *console.Visit) error {
	one, _, err := p.Tray.Candidate(v.Context(), v.PathValue("id"))
	if err != nil {
		return err
	}
	standing, err := p.Registry.Standing(v.Context())
	if err != nil {
		return err
	}
	return v.Show("candidate", struct {
		*Candidate
		BaseFile string
		Moved    bool // other policies came into force since it was compared
	}{&one, baseName, one.Base != standing.InForce})
}

// matrix shows what the platform that the address names may see, the first one if it names none.
func (p *page) matrix(v *console.Visit) error {
	m, err := p.Registry.Matrix(v.Context())
	if err != nil {
		return err
	}
	shown := struct {
		Matrix
		Platforms []string
		Platform  string
	}{Matrix: m}
	for _, section := range m.Sections {
		if !slices.Contains(shown.Platforms, section.Platform) {
			shown.Platforms = append(shown.Platforms, section.Platform)
		}
	}
	shown.Platform = v.URL.Query().Get("platform")
	if !slices.Contains(shown.Platforms, shown.Platform) && len(shown.Platforms) > 0 {
		shown.Platform = shown.Platforms[0]
	}
	shown.Sections = slices.DeleteFunc(slices.Clone(m.Sections), func(s Section) bool { return s.Platform != shown.Platform })
	return v.Show("matrix", shown)
}

// refused shows why something was not done, line by line, if it is a refusal.
func refused(v *console.Visit, err error) error {
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok {
		return err
	}
	return v.ShowAs(http.StatusUnprocessableEntity, "refused", refusal)
}
