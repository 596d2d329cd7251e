package zheliban

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

// The channels.
const (
	ChannelIRS     = "irs"
	ChannelSharing = "sharing"
)

// defaultAssumedAge suits the daily synchronisation that provinces usually have.
const defaultAssumedAge = 24 * time.Hour

// Config is one source of this kind.
type Config struct {
	// Channel is "irs" or "sharing"; the settings of the other one are not read.
	Channel string `yaml:"channel"`
	// IRS is the component of the IRS gateway.
	IRS IRSConfig `yaml:"irs"`
	// Sharing is the data set of the data-sharing platform.
	Sharing SharingConfig `yaml:"sharing"`
	// AssumedAge is how old the province's copy counts when a row has no cd_time (D2). Default 24h.
	AssumedAge time.Duration `yaml:"assumedAge"`
	// Failures says what the channel's own failure codes mean, as codes of the problem catalogue, such as "E30":
	// "record-not-archived". A code that is not listed is source-down. Defaults (Z1, Z2): irs NAME_MISMATCH is
	// identity-mismatch; sharing 14, 21 and 23 are source-refused, 24 is identity-mismatch.
	Failures row.Failures `yaml:"failures"`
	// HTTP says how the platform is reached.
	HTTP outbound.Config `yaml:"http"`
}

// IRSConfig names a component of the IRS gateway.
type IRSConfig struct {
	// URL is the component's full address, without a query, such as
	// https://ibcdsg.zj.gov.cn:8443/restapi/prod/IC33000020260101000001/licence/query.
	URL string `yaml:"url"`
	// AccessKey is the name under which the province registered us (AK).
	AccessKey string `yaml:"accessKey"`
	// SecretKey is a reference to the key that signs (SK), such as file:keys/zheliban.sk.
	SecretKey string `yaml:"secretKey"`
}

// SharingConfig names a data set of the data-sharing platform.
type SharingConfig struct {
	// URL is the platform's address without /gateway, such as https://interface.zjzwfw.gov.cn. Cities that run the same
	// platform have their own.
	URL string `yaml:"url"`
	// Path is the part of the data set's address between /gateway/api/ and /dataSharing/. Default 001008.
	Path string `yaml:"path"`
	// DataSet is the id of the licence data set: the part of its address between /dataSharing/ and .htm.
	DataSet string `yaml:"dataSet"`
	// AppKey is the name under which the platform knows us.
	AppKey string `yaml:"appKey"`
	// AppSecret is a reference to the secret that belongs to it. It signs only the call that gets the rotating secrets.
	AppSecret string `yaml:"appSecret"`
	// Additional says which member of a query's purpose each purpose field of the platform carries: code, matter, matterName,
	// case, operator, unit, unitName or legalBasis. Default: see [Additional].
	Additional Additional `yaml:"additional"`
}

const defaultSharingPath = "001008"

func (c Config) filled() Config {
	c.AssumedAge = cmp.Or(c.AssumedAge, defaultAssumedAge)
	c.Sharing.Path = cmp.Or(c.Sharing.Path, defaultSharingPath)
	c.Sharing.Additional = c.Sharing.Additional.filled()
	c.Failures = c.Failures.With(defaultFailures(c.Channel))
	return c
}

func defaultFailures(channel string) row.Failures {
	if channel == ChannelIRS {
		return row.Failures{irsName: exchange.IdentityMismatch}
	}
	return row.Failures{
		sharingStaleSign: exchange.SourceRefused, sharingNoPurpose: exchange.SourceRefused,
		sharingNoDataSet: exchange.SourceRefused, sharingName: exchange.IdentityMismatch,
	}
}

// Validate tells of every setting that cannot be used, by its key.
func (c Config) Validate() error {
	c = c.filled()
	var channel error
	switch c.Channel {
	case ChannelIRS:
		channel = c.IRS.validate()
	case ChannelSharing:
		channel = c.Sharing.validate()
	default:
		channel = fmt.Errorf("channel: want %q or %q", ChannelIRS, ChannelSharing)
	}
	return errors.Join(channel, require(c.AssumedAge > 0, "assumedAge", "want a time over 0"), c.Failures.Validate("failures"))
}

func (c IRSConfig) validate() error {
	return errors.Join(
		validateURL("irs.url", c.URL), present("irs.accessKey", c.AccessKey), present("irs.secretKey", c.SecretKey),
	)
}

func (c SharingConfig) validate() error {
	return errors.Join(
		validateURL("sharing.url", c.URL), validateSegment("sharing.path", c.Path), validateSegment("sharing.dataSet", c.DataSet),
		present("sharing.appKey", c.AppKey), present("sharing.appSecret", c.AppSecret), c.Additional.validate("sharing.additional"),
	)
}

// validateURL refuses a query: neither channel's needs one, and clients disagree on how IRS escapes it before signing.
func validateURL(key, text string) error {
	address, err := url.Parse(text)
	ok := err == nil && (address.Scheme == "https" || address.Scheme == "http") && address.Host != "" &&
		address.User == nil && address.RawQuery == "" && !address.ForceQuery && address.Fragment == ""
	return require(ok, key, "want an http or https address without user, query and fragment")
}

// validateSegment keeps a part of a path from changing the path around it.
func validateSegment(key, text string) error {
	return require(text != "" && url.PathEscape(text) == text && text != "." && text != "..", key, "want one plain part of a path")
}

func present(key, value string) error { return require(value != "", key, "missing") }

func require(ok bool, key, want string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%s: %s", key, want)
}
