package tmri

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Validate tells of every setting that cannot be used, by its key.
func (c Config) Validate() error {
	c = c.filled()
	return errors.Join(
		validateURL(c.URL), c.validateOperation(), present("jkxlh", c.Serial), c.validateInterfaces(), c.validateAudit(),
		c.Failures.Validate("failures"), require(c.MaxRows > 0, "maxRows", "want a number over 0"),
	)
}

func validateURL(text string) error {
	address, err := url.Parse(text)
	ok := err == nil && (address.Scheme == "http" || address.Scheme == "https") && address.Host != "" &&
		address.User == nil && address.RawQuery == ""
	return require(ok, "url", "want an http or https address without user and query")
}

func (c Config) validateOperation() error {
	if c.Port != PortOld && c.Port != PortNew {
		return fmt.Errorf("port: want %q or %q", PortOld, PortNew)
	}
	return errors.Join(
		require(signature(c.Port, c.Operation) != nil, "operation", "not one of the port's"),
		require(c.Front == FrontAxis || c.Front == FrontWCF, "front", `want "axis" or "wcf"`),
	)
}

func (c Config) validateInterfaces() error {
	i := c.Interfaces
	return errors.Join(
		require(i.Licence.granted() || i.Decisions.granted() || i.Picture.granted() || c.Changes.granted(), "interfaces", "no question can be asked"),
		c.Changes.validate(c.MaxRows),
		require(!i.Cameras.granted() || i.Vehicle.granted(), "interfaces.cameras", "needs interfaces.vehicle to check the owner"),
		require(!i.Picture.granted() || i.Vehicle.granted(), "interfaces.picture", "needs interfaces.vehicle to check the owner"),
	)
}

func (c Changes) validate(maxRows int) error {
	if !c.granted() {
		return require(c == (Changes{Most: c.Most}), "changes", "jkid is missing")
	}
	return errors.Join(
		present("changes.from", c.From), require(isName(c.From) && isName(c.After) && isName(c.Rows), "changes", "an argument's name is no XML name"),
		require(c.Most > 0 && c.Most <= maxRows, "changes.most", "want a number from 1 to maxRows"),
	)
}

// isName accepts the names that the query document can hold; an empty one is not used.
func isName(name string) bool {
	return strings.IndexFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_')
	}) < 0 &&
		(name == "" || name[0] > '9')
}

func (c Config) validateAudit() error {
	if c.Port == PortOld {
		return nil
	}
	return errors.Join(
		present("audit.dwjgdm", c.Audit.Unit), present("audit.dwmc", c.Audit.UnitName), present("audit.yhbz", c.Audit.User),
		present("audit.yhxm", c.Audit.UserName), present("audit.zdbs", c.Audit.Terminal),
	)
}

func present(key, value string) error { return require(value != "", key, "missing") }

func require(ok bool, key, want string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%s: %s", key, want)
}
