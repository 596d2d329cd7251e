package suihaoban

import (
	"cmp"
	"errors"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// NoticeConfig is one receiver of this kind: an API behind TIF that takes licence-status notices (G2).
type NoticeConfig struct {
	// URL is the API's full address, without a query, such as https://HOST/ebus/suihaoban/licence/status.
	URL string `yaml:"url"`
	// HeldURL is the full address at which the API lists what it holds, for reconciliation. Default: it has none.
	HeldURL string `yaml:"heldUrl"`
	// Prefix is the prefix of the signature headers, "x-tif" or "x-rio". Default x-tif.
	Prefix string `yaml:"prefix"`
	// PaasID is the name under which TIF knows us.
	PaasID string `yaml:"paasId"`
	// Token is a reference to the secret that belongs to it, such as file:keys/suihaoban.token.
	Token string `yaml:"token"`
	// CityCode goes into the header x-yss-city-code: six digits of GB/T 2260, such as 440100 for Guangzhou (G1).
	CityCode string `yaml:"cityCode"`
	// Failures says what the API's errcodes mean, as codes of the problem catalogue. A code that is not listed is source-down,
	// which is tried again. Default (G2): 40001 and 40003 are source-refused, 40004 is no-such-record.
	Failures row.Failures `yaml:"failures"`
	// HTTP says how TIF is reached.
	HTTP outbound.Config `yaml:"http"`
}

// The API's errcodes for notices (G2), besides errorCity.
const (
	errorBody    = "40003" // the notice cannot be read
	errorUnknown = "40004" // the API has no such citizen
)

func (c NoticeConfig) filled() NoticeConfig {
	c.Prefix = cmp.Or(c.Prefix, PrefixTIF)
	c.Failures = c.Failures.With(row.Failures{
		errorCity: exchange.SourceRefused, errorBody: exchange.SourceRefused, errorUnknown: exchange.NoRecord,
	})
	return c
}

// Validate tells of every setting that cannot be used, by its key.
func (c NoticeConfig) Validate() error {
	c = c.filled()
	var held error
	if c.HeldURL != "" {
		held = validateURL("heldUrl", c.HeldURL)
	}
	return errors.Join(
		validateURL("url", c.URL), held, require(c.Prefix == PrefixTIF || c.Prefix == PrefixRIO, "prefix", "want x-tif or x-rio"),
		require(c.PaasID != "", "paasId", "missing"), require(c.Token != "", "token", "missing"),
		require(sixDigits(c.CityCode), "cityCode", "want six digits"), c.Failures.Validate("failures"),
	)
}
