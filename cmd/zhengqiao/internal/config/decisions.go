package config

import (
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Decisions is what platforms can read of the decisions on their requests (GET /v1/decisions/{id}).
type Decisions struct {
	// Keep is for how long a platform can read a decision. Default 2160h (90 days). The record stays as long as all records do.
	Keep time.Duration `yaml:"keep" env:"KEEP"`
	// Contact is whom to ask about a decision, shown to the platform: zh and en, both or neither.
	Contact Words `yaml:"contact" envPrefix:"CONTACT_"`
}

// Words are a text in both languages.
type Words struct {
	ZH string `yaml:"zh" env:"ZH"`
	EN string `yaml:"en" env:"EN"`
}

// Text gives the words as the contract shows them.
func (w Words) Text() exchange.Text { return exchange.Text{ZH: w.ZH, EN: w.EN} }

// Shadow is a candidate that is asked about live requests beside the policies in force. Its word decides nothing.
type Shadow struct {
	// Dir is the candidate's folder; empty: none. SIGHUP reads it anew.
	Dir string `yaml:"dir" env:"DIR"`
	// MaxCPU is the share of one processor that it may take, above 0 and at most 1. Default 0.1. What it has no time for is counted.
	MaxCPU float64 `yaml:"maxCpu" env:"MAX_CPU"`
}

const (
	defaultKeep   = 90 * 24 * time.Hour
	defaultMaxCPU = 0.1
	longestText   = 500 // bytes
)

func (c *Config) checkDecisions(f *faults) {
	f.add(c.Decisions.Keep > 0, "$.decisions.keep", "must be above 0")
	contact := c.Decisions.Contact
	f.add((contact.ZH == "") == (contact.EN == ""), "$.decisions.contact", "zh and en go together")
	f.add(len(contact.ZH) <= longestText && len(contact.EN) <= longestText && !strings.ContainsAny(contact.ZH+contact.EN, "\n\r"),
		"$.decisions.contact", "want one line of at most %d bytes each", longestText)
	f.add(c.Policies.Shadow.MaxCPU > 0 && c.Policies.Shadow.MaxCPU <= 1, "$.policies.shadow.maxCpu", "want a share of one processor, above 0 and at most 1")
}
