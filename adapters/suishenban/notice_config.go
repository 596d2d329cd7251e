package suishenban

import (
	"cmp"
	"errors"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// NoticeConfig is one receiver of this kind: the certificate library, told of changes of 驾驶证 (S3).
type NoticeConfig struct {
	// URL is the library's base address without a query, such as https://HOST/zzk.
	URL string `yaml:"url"`
	// Account is the account that the library gave us.
	Account string `yaml:"account"`
	// Password is a reference to its password, such as file:keys/suishenban.password.
	Password string `yaml:"password"`
	// CatMainCode is the catalogue code of 驾驶证, 15 digits (S2).
	CatMainCode string `yaml:"catMainCode"`
	// SessionLife is how long the library keeps a session. Default 30m.
	SessionLife time.Duration `yaml:"sessionLife"`
	// Holdings says that the library lists what it holds, for reconciliation. Default: it does not.
	Holdings bool `yaml:"holdings"`
	// Failures says what the library's errorCodes mean, as codes of the problem catalogue. A code that is not listed is
	// source-down, which is tried again. Default (S3): CERT_NOT_FOUND is no-such-record; LOGIN_FAILED, PARAMETER_INVALID,
	// PURPOSE_MISSING and SESSION_INVALID (when a new session doesn't help) are source-refused.
	Failures row.Failures `yaml:"failures"`
	// HTTP says how the library is reached.
	HTTP outbound.Config `yaml:"http"`
}

const errorParameter = "PARAMETER_INVALID"

func (c NoticeConfig) filled() NoticeConfig {
	c.SessionLife = cmp.Or(c.SessionLife, defaultSessionLife)
	c.Failures = c.Failures.With(row.Failures{
		errorLogin: exchange.SourceRefused, errorSession: exchange.SourceRefused, errorPurpose: exchange.SourceRefused,
		errorParameter: exchange.SourceRefused, errorNotFound: exchange.NoRecord,
	})
	return c
}

// Validate tells of every setting that cannot be used, by its key.
func (c NoticeConfig) Validate() error {
	c = c.filled()
	return errors.Join(
		validateURL(c.URL), require(c.Account != "", "account", "missing"), require(c.Password != "", "password", "missing"),
		require(digits(c.CatMainCode), "catMainCode", "want 15 digits"),
		require(c.SessionLife > sessionMargin, "sessionLife", "want a time over 1m"), c.Failures.Validate("failures"),
	)
}
