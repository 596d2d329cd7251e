package suihaoban

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

const (
	// PrefixTIF and PrefixRIO are the prefixes of the signature headers: Guangdong's, and the one of the product family's other
	// gateways, among them Beijing's.
	PrefixTIF = "x-tif"
	PrefixRIO = "x-rio"

	// defaultAssumedAge suits the daily synchronisation that provinces usually have.
	defaultAssumedAge = 24 * time.Hour

	errorCity = "40001" // the API doesn't serve the city
	errorName = "40002" // the name is not the ID number's
)

// Config is one source of this kind.
type Config struct {
	// URL is the API's full address, without a query, such as https://HOST/ebus/suihaoban/licence/query (G1).
	URL string `yaml:"url"`
	// Prefix is the prefix of the signature headers, "x-tif" or "x-rio". Default x-tif.
	Prefix string `yaml:"prefix"`
	// PaasID is the name under which TIF knows us.
	PaasID string `yaml:"paasId"`
	// Token is a reference to the secret that belongs to it, such as file:keys/suihaoban.token.
	Token string `yaml:"token"`
	// CityCode goes into the header x-yss-city-code: six digits of GB/T 2260, such as 440100 for Guangzhou (G1).
	CityCode string `yaml:"cityCode"`
	// AssumedAge is how old the province's copy counts when a row has no cd_time (D2). Default 24h.
	AssumedAge time.Duration `yaml:"assumedAge"`
	// Failures says what the API's errcodes mean, as codes of the problem catalogue, such as "1003": "record-not-archived". A
	// code that is not listed is source-down. Default (G1): 40001 is source-refused, 40002 identity-mismatch.
	Failures row.Failures `yaml:"failures"`
	// HTTP says how TIF is reached.
	HTTP outbound.Config `yaml:"http"`
}

func (c Config) filled() Config {
	c.Prefix = cmp.Or(c.Prefix, PrefixTIF)
	c.AssumedAge = cmp.Or(c.AssumedAge, defaultAssumedAge)
	c.Failures = c.Failures.With(row.Failures{errorCity: exchange.SourceRefused, errorName: exchange.IdentityMismatch})
	return c
}

// Validate tells of every setting that cannot be used, by its key.
func (c Config) Validate() error {
	c = c.filled()
	return errors.Join(
		validateURL("url", c.URL), require(c.Prefix == PrefixTIF || c.Prefix == PrefixRIO, "prefix", "want x-tif or x-rio"),
		require(c.PaasID != "", "paasId", "missing"), require(c.Token != "", "token", "missing"),
		require(sixDigits(c.CityCode), "cityCode", "want six digits"),
		require(c.AssumedAge > 0, "assumedAge", "want a time over 0"), c.Failures.Validate("failures"),
	)
}

func validateURL(key, text string) error {
	address, err := url.Parse(text)
	ok := err == nil && (address.Scheme == "https" || address.Scheme == "http") && address.Host != "" &&
		address.User == nil && address.RawQuery == "" && !address.ForceQuery && address.Fragment == ""
	return require(ok, key, "want an http or https address without user, query and fragment")
}

func sixDigits(code string) bool {
	for _, char := range []byte(code) {
		if char < '0' || char > '9' {
			return false
		}
	}
	return len(code) == 6
}

func require(ok bool, key, want string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%s: %s", key, want)
}
