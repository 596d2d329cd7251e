package population

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Config is one source of this kind.
type Config struct {
	// URL is the full address of the service, such as https://10.0.0.1/gateway/services/GK_GXFW_SFHC.
	URL string `yaml:"url"`
	// RefreshURL is the full address that hands out the secret, such as https://10.0.0.1/sysapi/auth/refreshSecret.
	RefreshURL string `yaml:"refreshUrl"`
	// RequesterID is the id under which the platform registered us (gjgxjhpt_rid).
	RequesterID string `yaml:"requesterId"`
	// ServiceID is the id of the granted service (gjgxjhpt_sid). Default s_1200000900000_2109, the identity check.
	ServiceID string `yaml:"serviceId"`
	// AppKey is a reference to the key that signs refreshes and wraps secrets, such as file:keys/population.appkey.
	AppKey string `yaml:"appKey"`
	// User is the register's user (in1) and Password a reference to its password (in2).
	User     string `yaml:"user"`
	Password string `yaml:"password"`
	// Namespace is that of the operation. Default http://webservice.com.
	Namespace string `yaml:"namespace"`
	// Sender is the requesting party (QQBWDM, QQBWMC). Default GJXXZX, 国家信息中心.
	Sender Party `yaml:"sender"`
	// System is the system that asks (SJLYXTDM, SJLYXTMC; QQYWXTDM, QQYWXTMC). Default: the requester id, 政桥.
	System Party `yaml:"system"`
	// Unit is the asking unit (QQRDWDM, QQRDWMC) for a purpose that names none. Default: that of System.
	Unit Party `yaml:"unit"`
	// Responsible is the person who asks (QQRGMSFHM, QQRXM) when the operator is not the citizen: the contract knows operators
	// by account only, and the register wants a person. Without it only citizens who act alone can be matched.
	Responsible Person `yaml:"responsible"`
	// Failures says what the codes of an answer's head (FHDM) mean, as codes of the problem catalogue. 10 and 11 are success; a
	// code that is not listed is source-down. Default: 00 is source-refused.
	Failures row.Failures `yaml:"failures"`
	// RecordFailures does the same for the code of a record. Default: 1 is no-such-record.
	RecordFailures row.Failures `yaml:"recordFailures"`
	// HTTP says how the platform is reached.
	HTTP outbound.Config `yaml:"http"`
}

// Party is a code with its name.
type Party struct {
	Code string `yaml:"code"`
	Name string `yaml:"name"`
}

// Person is somebody whom the register can find.
type Person struct {
	// IDNumber is a reference to the person's ID number, such as file:keys/responsible.id: it is personal data too.
	IDNumber string `yaml:"idNumber"`
	Name     string `yaml:"name"`
}

const (
	defaultService   = "s_1200000900000_2109"
	defaultNamespace = "http://webservice.com"
)

func (c Config) filled() Config {
	c.ServiceID = cmp.Or(c.ServiceID, defaultService)
	c.Namespace = cmp.Or(c.Namespace, defaultNamespace)
	c.Sender = c.Sender.or(Party{"GJXXZX", "国家信息中心"})
	c.System = c.System.or(Party{c.RequesterID, "政桥"})
	c.Unit = c.Unit.or(c.System)
	c.Failures = c.Failures.With(row.Failures{"00": exchange.SourceRefused})
	c.RecordFailures = c.RecordFailures.With(row.Failures{"1": exchange.NoRecord})
	return c
}

// or takes code and name together: the name of one party beside the code of another would be a false record.
func (p Party) or(other Party) Party {
	if p.Code == "" {
		return other
	}
	return Party{p.Code, cmp.Or(p.Name, p.Code)}
}

// Validate tells of every setting that cannot be used, by its key.
func (c Config) Validate() error {
	return errors.Join(
		validateURL("url", c.URL), validateURL("refreshUrl", c.RefreshURL), present("requesterId", c.RequesterID),
		present("appKey", c.AppKey), present("user", c.User), present("password", c.Password), c.Responsible.validate(),
		c.Failures.Validate("failures"), c.RecordFailures.Validate("recordFailures"),
	)
}

func validateURL(key, text string) error {
	address, err := url.Parse(text)
	ok := err == nil && (address.Scheme == "http" || address.Scheme == "https") && address.Host != "" &&
		address.User == nil && address.RawQuery == ""
	return require(ok, key, "want an http or https address without user and query")
}

func (p Person) validate() error {
	return require((p.IDNumber == "") == (p.Name == ""), "responsible", "want both idNumber and name, or neither")
}

func present(key, value string) error { return require(value != "", key, "missing") }

func require(ok bool, key, want string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%s: %s", key, want)
}
