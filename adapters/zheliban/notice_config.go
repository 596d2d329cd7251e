package zheliban

import (
	"errors"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// NoticeConfig is one receiver of this kind: a component of the IRS gateway that takes licence-status notices (Z3).
type NoticeConfig struct {
	// IRS names the component that takes a notice, such as
	// https://ibcdsg.zj.gov.cn:8443/restapi/prod/IC33000020260101000002/licence/status.
	IRS IRSConfig `yaml:"irs"`
	// HeldURL is the full address at which the component lists what it holds, for reconciliation. Default: it has none.
	HeldURL string `yaml:"heldUrl"`
	// Failures says what the component's errorCodes mean, as codes of the problem catalogue. A code that is not listed is
	// source-down, which is tried again. Default (Z3): PARAMETER_INVALID is source-refused, SUBJECT_UNKNOWN no-such-record.
	Failures row.Failures `yaml:"failures"`
	// HTTP says how the platform is reached.
	HTTP outbound.Config `yaml:"http"`
}

// The component's errorCodes (Z3).
const (
	noticeInvalid = "PARAMETER_INVALID"
	noticeUnknown = "SUBJECT_UNKNOWN"
)

func (c NoticeConfig) filled() NoticeConfig {
	c.Failures = c.Failures.With(row.Failures{noticeInvalid: exchange.SourceRefused, noticeUnknown: exchange.NoRecord})
	return c
}

// Validate tells of every setting that cannot be used, by its key.
func (c NoticeConfig) Validate() error {
	var held error
	if c.HeldURL != "" {
		held = validateURL("heldUrl", c.HeldURL)
	}
	return errors.Join(c.IRS.validate(), held, c.Failures.Validate("failures"))
}
