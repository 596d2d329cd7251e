package webhook

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
)

// What an event carries.
const (
	// ContentThin is the licence's key, its version and what kind of change it was; the platform asks for the rest.
	ContentThin = "thin"
	// ContentFull is that and the fields that policy shows to the platform.
	ContentFull = "full"
)

// Config is one receiver of this kind.
type Config struct {
	// URL is where events are posted, a full address without a query, such as https://HOST/webhooks/licences.
	URL string `yaml:"url"`
	// HeldURL is the full address at which the platform lists what it holds, for reconciliation. Default: it has none.
	HeldURL string `yaml:"heldUrl"`
	// Key is a reference to the SM2 key that signs, PKCS#8 in PEM, such as file:keys/webhook.key.pem. It should be used for this
	// platform alone.
	Key string `yaml:"key"`
	// OldKey is a reference to the key before it, which signs beside it until the platform knows the new one: it accepts either.
	// Default: none.
	OldKey string `yaml:"oldKey"`
	// Content is "thin" or "full". Default thin.
	Content string `yaml:"content"`
	// HTTP says how the platform is reached.
	HTTP outbound.Config `yaml:"http"`
}

func (c Config) filled() Config {
	c.Content = cmp.Or(c.Content, ContentThin)
	return c
}

// Validate tells of every setting that cannot be used, by its key. What http cannot be is told when it is opened.
func (c Config) Validate() error {
	c = c.filled()
	var held error
	if c.HeldURL != "" {
		held = validateURL("heldUrl", c.HeldURL)
	}
	return errors.Join(
		validateURL("url", c.URL), held, require(c.Key != "", "key", "missing"),
		require(c.OldKey == "" || c.OldKey != c.Key, "oldKey", "want another one than key"),
		require(c.Content == ContentThin || c.Content == ContentFull, "content", "want thin or full"),
	)
}

func validateURL(key, text string) error {
	address, err := url.Parse(text)
	ok := err == nil && address.Host != "" && (address.Scheme == "https" || address.Scheme == "http")
	return require(ok && address.RawQuery == "" && address.Fragment == "" && address.User == nil, key, "want https://HOST/PATH and nothing else")
}

func require(ok bool, key, want string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%s: %s", key, want)
}
