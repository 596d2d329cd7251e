package wechat

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// The channels.
const (
	ChannelSubscribe   = "subscribe"   // a message to the citizen
	ChannelCityService = "cityservice" // the state, to 城市服务
)

const (
	defaultURL        = "https://api.weixin.qq.com"
	defaultStatusPath = "/cityservice/licence/setstatus"
)

// Config is one receiver of this kind.
type Config struct {
	// Channel is "subscribe" or "cityservice"; the settings of the other one are not read.
	Channel string `yaml:"channel"`
	// URL is the address of WeChat's API without a path. Default https://api.weixin.qq.com.
	URL string `yaml:"url"`
	// AppID is the mini program's id.
	AppID string `yaml:"appId"`
	// Secret is a reference to its secret, such as file:keys/wechat.secret.
	Secret string `yaml:"secret"`
	// Template is the message that a change becomes.
	Template TemplateConfig `yaml:"template"`
	// StatusPath is where 城市服务 takes a licence's status (W2). Default /cityservice/licence/setstatus.
	StatusPath string `yaml:"statusPath"`
	// HeldPath is where 城市服务 lists what it holds, for reconciliation (W2). Default: it has none.
	HeldPath string `yaml:"heldPath"`
	// Failures says what WeChat's errcodes mean, as codes of the problem catalogue. A code that is not listed is source-down, which
	// is tried again, among them -1 (busy) and 45009 (quota used up). Default: 40097 is no-such-record; 40003, 40013, 40037, 40125, 40164, 41030, 43101,
	// 45168 and 47003 are source-refused, and so are 40001, 40014 and 42001 when a new access token doesn't help.
	Failures row.Failures `yaml:"failures"`
	// HTTP says how WeChat is reached.
	HTTP outbound.Config `yaml:"http"`
}

func (c Config) filled() Config {
	c.URL = strings.TrimSuffix(cmp.Or(c.URL, defaultURL), "/")
	c.StatusPath = cmp.Or(c.StatusPath, defaultStatusPath)
	c.Template = c.Template.filled()
	c.Failures = c.Failures.With(defaultFailures())
	return c
}

func defaultFailures() row.Failures {
	failures := row.Failures{errorNobody: exchange.NoRecord}
	for _, code := range []string{
		errorToken, errorTokenExpired, errorTokenForm, errorOpenID, errorTemplate, errorPage, errorUnsubscribed, errorBlocked,
		errorValue, errorAppID, errorSecret, errorAddress,
	} {
		failures[code] = exchange.SourceRefused
	}
	return failures
}

// Validate tells of every setting that cannot be used, by its key.
func (c Config) Validate() error {
	c = c.filled()
	var channel error
	switch c.Channel {
	case ChannelSubscribe:
		channel = c.Template.validate()
	case ChannelCityService:
		channel = errors.Join(validatePath("statusPath", c.StatusPath), validatePath("heldPath", cmp.Or(c.HeldPath, "/")))
	default:
		channel = fmt.Errorf("channel: want %q or %q", ChannelSubscribe, ChannelCityService)
	}
	return errors.Join(
		channel, validateURL(c.URL), require(c.AppID != "", "appId", "missing"), require(c.Secret != "", "secret", "missing"),
		c.Failures.Validate("failures"),
	)
}

func validateURL(text string) error {
	address, err := url.Parse(text)
	ok := err == nil && (address.Scheme == "https" || address.Scheme == "http") && address.Host != "" && address.Path == "" &&
		address.User == nil && address.RawQuery == "" && !address.ForceQuery && address.Fragment == ""
	return require(ok, "url", "want an http or https address without user, path, query and fragment")
}

func validatePath(key, text string) error {
	address, err := url.Parse(text)
	ok := err == nil && strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//") && address.Path == text
	return require(ok, key, "want a path such as /cityservice/licence/setstatus")
}

func require(ok bool, key, want string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%s: %s", key, want)
}
