package config

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"time"
)

// What policies.require may say.
const (
	RequireLocal  = "local"  // whoever can write into policies.dir decides what everybody sees
	RequireSigned = "signed" // only what authors and approvers signed comes into force
)

// PolicySource is where bundles of policies are fetched from, besides those that are published through the operators' address.
type PolicySource struct {
	// File is a bundle in a file, replaced whole by renaming. Excludes url.
	File string `yaml:"file" env:"FILE"`
	// URL is a web server that OPA's bundle protocol works with, https://, or http:// on this machine.
	URL string `yaml:"url" env:"URL"`
	// Token (file:PATH) is sent to it as a bearer token.
	Token string `yaml:"token" env:"TOKEN"`
	// CA is a PEM file of authorities of its certificate; empty: the system's.
	CA string `yaml:"ca" env:"CA"`
	// Every is the time between two questions. Default 30s.
	Every time.Duration `yaml:"every" env:"EVERY"`
}

// Interval is the time between two questions.
func (s *PolicySource) Interval() time.Duration {
	if s.Every == 0 {
		return defaultEvery
	}
	return s.Every
}

// resolve makes the plain paths absolute.
func (s *PolicySource) resolve(folder string) {
	for _, path := range []*string{&s.File, &s.CA} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(folder, *path)
		}
	}
}

// Signatory is a person who writes or approves policies.
type Signatory struct {
	// ID is the person's name in records, such as li.wei: 1 to 64 of a-z, 0-9, dot and hyphen. Required.
	ID string `yaml:"id"`
	// Keys are the person's public keys. An ended one stays listed, with notAfter: what it signed is still in force. Required.
	Keys []PartyKey `yaml:"keys"`
	// Platforms are those that an approver may approve changes for; empty: all.
	Platforms []string `yaml:"platforms"`
}

// Signed tells whether policies must be signed.
func (p *Policies) Signed() bool { return p.Require == RequireSigned }

// defaultEvery is how often a source is asked.
const defaultEvery = 30 * time.Second

// leastEvery keeps a wrong unit from asking a server without a pause.
const leastEvery = time.Second

func (c *Config) checkPublishing(f *faults) {
	const at = "$.policies"
	p := &c.Policies
	f.add(slices.Contains([]string{"", RequireLocal, RequireSigned}, p.Require), at+".require", "want %s or %s", RequireLocal, RequireSigned)
	if !p.Signed() {
		f.add(p.Source == PolicySource{} && len(p.Authors)+len(p.Approvers) == 0, at+".require", "must be %s with source, authors or approvers", RequireSigned)
		return
	}
	f.add(len(p.Authors) > 0 && len(p.Approvers) > 1, at, "at least one of authors and two of approvers are required: what widens needs two")
	f.add(p.Source.File == "" || p.Source.URL == "", at+".source", "file and url exclude one another")
	f.add(p.Source.URL == "" || fetchable(p.Source.URL), at+".source.url", "want https://, or http:// on this machine, without user and password")
	f.add(p.Source.Interval() >= leastEvery, at+".source.every", "must be at least %s", leastEvery)
	c.checkSignatories(f, at+".authors", p.Authors)
	c.checkSignatories(f, at+".approvers", p.Approvers)
}

// fetchable says whether an address is one to fetch policies from: they are signed, the token isn't.
func fetchable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && slices.Contains([]string{"127.0.0.1", "::1", "localhost"}, u.Hostname())
}

// checkSignatories holds people to their form. One who is author and approver is listed twice, with the same keys.
func (c *Config) checkSignatories(f *faults, at string, list []Signatory) {
	ids := map[string]bool{}
	for i, person := range list {
		here := fmt.Sprintf("%s[%d]", at, i)
		f.add(operatorName.MatchString(person.ID) && !ids[person.ID], here+".id", "want 1 to 64 of a-z, 0-9, dot and hyphen, and unique")
		ids[person.ID] = true
		f.add(len(person.Keys) > 0, here+".keys", "at least one key is required")
		for k, key := range person.Keys {
			place := fmt.Sprintf("%s.keys[%d]", here, k)
			f.add(key.ID != "", place+".id", "is required")
			f.add(key.Public != "", place+".public", "is required")
			f.add(key.NotAfter.IsZero() || key.NotAfter.After(key.NotBefore), place+".notAfter", "lies before notBefore")
		}
		for _, platform := range person.Platforms {
			f.add(slices.ContainsFunc(c.Platforms, func(p Party) bool { return p.ID == platform }), here+".platforms", "%q is none of the platforms", platform)
		}
	}
}
