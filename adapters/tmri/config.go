package tmri

import (
	"cmp"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// The ports and what stands in front of them, as a configuration names them.
const (
	PortOld   = "old"  // TmriOutAccess, without audit fields
	PortNew   = "new"  // TmriOutNewAccess
	FrontAxis = "axis" // the platform itself
	FrontWCF  = "wcf"  // the look-alike that some provinces put in front (BasicHttpBinding_ITmriOutAccess)
)

// Config is one source of this kind.
type Config struct {
	// URL is the port's full address, such as http://10.0.0.1:8080/trffweb/services/TmriOutNewAccess.
	URL string `yaml:"url"`
	// Port is "new" or "old" and must agree with URL. Default new.
	Port string `yaml:"port"`
	// Operation is "queryObjectOutNew" (ten arguments, new port only) or "queryObjectOut" (nine arguments on the new port, four
	// on the old). Default: queryObjectOutNew on the new port, queryObjectOut on the old.
	Operation string `yaml:"operation"`
	// Front is "axis" or "wcf". Default axis.
	Front string `yaml:"front"`
	// Namespace is that of the operation. Default: http://endpoint.axis.framework.tmri.com, or http://tempuri.org/ for wcf.
	Namespace string `yaml:"namespace"`
	// Serial is a reference to the interface serial (接口序列号 jkxlh) issued to us, such as file:keys/tmri.serial.
	Serial string `yaml:"jkxlh"`
	// Scene is the scene authorisation number (场景授权编号 cjsqbh) that queryObjectOutNew carries. It may be empty.
	Scene string `yaml:"cjsqbh"`
	// Interfaces are those that the province granted; a question whose interface is missing is not offered.
	Interfaces Interfaces `yaml:"interfaces"`
	// Changes is the incremental query of licences by their time of update (gxsj), for polling; not granted unless it has a jkid.
	Changes Changes `yaml:"changes"`
	// Audit fills the audit fields of the new port where a query's purpose does not.
	Audit Audit `yaml:"audit"`
	// Failures says what the platform's failure codes mean, as codes of the problem catalogue. A code that is not listed is
	// source-down. Default (T1): 0 source-down, -1 to -4 source-refused, 10 record-not-archived, 11 id-document-expired.
	Failures row.Failures `yaml:"failures"`
	// MaxRows bounds the rows of an answer. Default 1000.
	MaxRows int `yaml:"maxRows"`
	// HTTP says how the platform is reached.
	HTTP outbound.Config `yaml:"http"`
}

// Interfaces names the interface of each question. Which ids a province grants is not public; those in parentheses are the
// ones seen in published clients.
type Interfaces struct {
	Licence   Interface `yaml:"licence"`   // licence by sfzmhm (02C06)
	Decisions Interface `yaml:"decisions"` // decisions by jszh (04C01)
	Cameras   Interface `yaml:"cameras"`   // camera violations by hpzl and hphm (04C03); needs vehicle
	Picture   Interface `yaml:"picture"`   // picture of a camera violation by xh (04C04); needs vehicle
	Vehicle   Interface `yaml:"vehicle"`   // vehicle, with its owner, by hpzl and hphm (01C21)
}

// Interface is one row of the province's grant. The zero value is not granted.
type Interface struct {
	// ID is the interface id (接口标识 jkid), such as 02C06.
	ID string `yaml:"jkid"`
	// System is the system class (系统类别 xtlb). Default: the first two characters of ID.
	System string `yaml:"xtlb"`
}

func (i Interface) granted() bool { return i.ID != "" }

func (i Interface) system() string { return cmp.Or(i.System, i.ID[:min(systemLength, len(i.ID))]) }

const systemLength = 2

// Changes names an interface that lists licences by their time of update, and its arguments. Neither is public (T8): what a province
// grants is to be written here.
type Changes struct {
	// ID is the interface id (接口标识 jkid).
	ID string `yaml:"jkid"`
	// System is the system class (系统类别 xtlb). Default: the first two characters of ID.
	System string `yaml:"xtlb"`
	// From is the argument of the first time of update, that time included, as yyyy-MM-dd HH:mm:ss. Required with ID.
	From string `yaml:"from"`
	// After is the argument of the ID number (sfzmhm) behind which rows of that first time go on. Empty: the interface has none, and a
	// page must hold all rows of one second.
	After string `yaml:"after"`
	// Rows is the argument of the number of rows that an answer holds at most. Empty: the interface has none.
	Rows string `yaml:"rows"`
	// Most is how many rows the platform gives at most, whatever is asked for. Default: maxRows.
	Most int `yaml:"most"`
}

func (c Changes) granted() bool { return c.ID != "" }

func (c Changes) asked() Interface { return Interface{ID: c.ID, System: c.System} }

// Audit holds the audit fields. The platform's records show them, so the real operator and unit of a query's purpose come
// first.
type Audit struct {
	Unit     string `yaml:"dwjgdm"` // unit code, for a purpose without a unit
	UnitName string `yaml:"dwmc"`   // unit name, for a purpose without a unit
	User     string `yaml:"yhbz"`   // user mark, for a citizen who acts alone (operator "self")
	UserName string `yaml:"yhxm"`   // user name, likewise
	Terminal string `yaml:"zdbs"`   // IP address of the terminal: the gateway's own
}

const (
	axisNamespace  = "http://endpoint.axis.framework.tmri.com"
	wcfNamespace   = "http://tempuri.org/"
	wcfContract    = "ITmriOutAccess"
	defaultMaxRows = 1000
)

// defaultFailures are the codes that the register of assumptions has (T1).
func defaultFailures() row.Failures {
	return row.Failures{
		"0": exchange.SourceDown, "-1": exchange.SourceRefused, "-2": exchange.SourceRefused, "-3": exchange.SourceRefused,
		"-4": exchange.SourceRefused, "10": exchange.RecordNotArchived, "11": exchange.IDDocumentExpired,
	}
}

func (c Config) filled() Config {
	c.Port = cmp.Or(c.Port, PortNew)
	if c.Operation == "" {
		c.Operation = queryNew
		if c.Port == PortOld {
			c.Operation = query
		}
	}
	c.Front = cmp.Or(c.Front, FrontAxis)
	if c.Namespace == "" {
		c.Namespace = map[string]string{FrontAxis: axisNamespace, FrontWCF: wcfNamespace}[c.Front]
	}
	c.MaxRows = cmp.Or(c.MaxRows, defaultMaxRows)
	c.Changes.Most = cmp.Or(c.Changes.Most, c.MaxRows)
	c.Failures = c.Failures.With(defaultFailures())
	return c
}
