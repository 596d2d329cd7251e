package suishenban

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
	// defaultAssumedAge suits the daily synchronisation that provinces usually have.
	defaultAssumedAge = 24 * time.Hour
	// defaultSessionLife is how long the library keeps a session (S1).
	defaultSessionLife = 30 * time.Minute
	// sessionMargin leaves room for a call that starts just before its session ends.
	sessionMargin = time.Minute
)

// Config is one source of this kind.
type Config struct {
	// URL is the library's base address without a query, such as https://HOST/zzk.
	URL string `yaml:"url"`
	// Account is the account that the library gave us.
	Account string `yaml:"account"`
	// Password is a reference to its password, such as file:keys/suishenban.password.
	Password string `yaml:"password"`
	// CatMainCode is the catalogue code of 驾驶证, 15 digits. It is not public (S2): the library's interface document has it.
	CatMainCode string `yaml:"catMainCode"`
	// SessionLife is how long the library keeps a session. Default 30m.
	SessionLife time.Duration `yaml:"sessionLife"`
	// AssumedAge is how old the certificate's data counts when it has no cd_time (D2). Default 24h.
	AssumedAge time.Duration `yaml:"assumedAge"`
	// Failures says what the library's errorCodes mean, as codes of the problem catalogue. A code that is not listed is
	// source-down. Default (S1): CERT_NOT_FOUND is no-such-record, HOLDER_NAME_MISMATCH identity-mismatch; LOGIN_FAILED,
	// PURPOSE_MISSING and SESSION_INVALID (when a new session doesn't help) are source-refused.
	Failures row.Failures `yaml:"failures"`
	// HTTP says how the library is reached. Its timeout holds for each of the two or three calls of a query.
	HTTP outbound.Config `yaml:"http"`
}

const (
	errorLogin    = "LOGIN_FAILED"
	errorSession  = "SESSION_INVALID"
	errorPurpose  = "PURPOSE_MISSING"
	errorName     = "HOLDER_NAME_MISMATCH"
	errorNotFound = "CERT_NOT_FOUND"
)

func (c Config) filled() Config {
	c.SessionLife = cmp.Or(c.SessionLife, defaultSessionLife)
	c.AssumedAge = cmp.Or(c.AssumedAge, defaultAssumedAge)
	c.Failures = c.Failures.With(row.Failures{
		errorLogin: exchange.SourceRefused, errorSession: exchange.SourceRefused, errorPurpose: exchange.SourceRefused,
		errorName: exchange.IdentityMismatch, errorNotFound: exchange.NoRecord,
	})
	return c
}

// Validate tells of every setting that cannot be used, by its key.
func (c Config) Validate() error {
	c = c.filled()
	return errors.Join(
		validateURL(c.URL), require(c.Account != "", "account", "missing"), require(c.Password != "", "password", "missing"),
		require(digits(c.CatMainCode), "catMainCode", "want 15 digits"),
		require(c.SessionLife > sessionMargin, "sessionLife", "want a time over 1m"),
		require(c.AssumedAge > 0, "assumedAge", "want a time over 0"), c.Failures.Validate("failures"),
	)
}

func validateURL(text string) error {
	address, err := url.Parse(text)
	ok := err == nil && (address.Scheme == "https" || address.Scheme == "http") && address.Host != "" &&
		address.User == nil && address.RawQuery == "" && !address.ForceQuery && address.Fragment == ""
	return require(ok, "url", "want an http or https address without user, query and fragment")
}

func digits(code string) bool {
	for _, char := range []byte(code) {
		if char < '0' || char > '9' {
			return false
		}
	}
	return len(code) == 15
}

func require(ok bool, key, want string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%s: %s", key, want)
}
