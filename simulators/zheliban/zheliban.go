// Package zheliban is a stand-in of what 浙里办 stands on: the IRS gateway (X-BG-HMAC headers) in front of a licence component and
// of one that takes notices of licence changes, and the 省公共数据共享平台 (md5 signatures, two rotating secrets, purpose fields). It verifies what those two verify and serves
// the licences kept in Zhejiang. Sign-on is not served.
package zheliban

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/holding"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Addresses.
const (
	PathIRS          = "/restapi/prod/IC33000020260101000001/licence/query"
	PathStatus       = "/restapi/prod/IC33000020260101000002/licence/status" // takes notices of changes
	PathHeld         = "/restapi/prod/IC33000020260101000002/licence/held"   // lists what it holds of them
	PathRefreshByKey = "/gateway/app/refreshTokenByKey.htm"
	PathRefreshBySec = "/gateway/app/refreshTokenBySec.htm"

	irsPrefix     = "/restapi/prod/"
	sharingPrefix = "/gateway/api/001008/dataSharing/"
)

// Operations that calls are counted by.
const (
	OperationIRS          = "irs.licence"
	OperationStatus       = "irs.status"
	OperationHeld         = "irs.held"
	OperationIRSOther     = "irs.other" // any other component
	OperationRefreshByKey = "sharing.refreshTokenByKey"
	OperationRefreshBySec = "sharing.refreshTokenBySec"
	OperationSharing      = "sharing.data"
)

// province is whose licences the stand-in knows.
const province = "330000"

// Config says whom the two platforms know.
type Config struct {
	AccessKeys     map[string]string `json:"accessKeys"`     // IRS: secret key by access key
	Forbidden      []string          `json:"forbidden"`      // IRS: access keys without a subscription to the components
	AppKeys        map[string]string `json:"appKeys"`        // sharing platform: appSecret by appKey
	DataSet        string            `json:"dataSet"`        // sharing platform: id of the licence data set; empty: DRIVINGLICENSE
	SyncLagSeconds int               `json:"syncLagSeconds"` // how old the copy usually is (cd_time); 0: 300
}

// DataSetPath gives the address of the configured data set.
func (c Config) DataSetPath() string { return sharingPrefix + c.dataSet() + ".htm" }

func (c Config) dataSet() string {
	if c.DataSet != "" {
		return c.DataSet
	}
	return "DRIVINGLICENSE"
}

func (c Config) syncLag() time.Duration {
	if c.SyncLagSeconds > 0 {
		return time.Duration(c.SyncLagSeconds) * time.Second
	}
	return 5 * time.Minute
}

type platform struct {
	config   Config
	registry *citizen.Registry
	mint     standin.Mint
	secrets  secrets
	book     holding.Book
}

// New makes the stand-in. It refuses a configuration that lets nobody in.
func New(config Config, registry *citizen.Registry, clock func() time.Time) (*standin.Server, error) {
	if len(config.AccessKeys) == 0 && len(config.AppKeys) == 0 {
		return nil, errors.New("zheliban: neither an access key nor an app key is configured")
	}
	return standin.NewServer(&platform{config: config, registry: registry}, clock), nil
}

// Operation names a call by its address.
func (p *platform) Operation(request *http.Request, _ []byte) string {
	switch path := request.URL.Path; {
	case path == PathIRS:
		return OperationIRS
	case path == PathStatus:
		return OperationStatus
	case path == PathHeld:
		return OperationHeld
	case strings.HasPrefix(path, irsPrefix):
		return OperationIRSOther
	case path == PathRefreshByKey:
		return OperationRefreshByKey
	case path == PathRefreshBySec:
		return OperationRefreshBySec
	case strings.HasPrefix(path, sharingPrefix):
		return OperationSharing
	default:
		return ""
	}
}

// Forget drops both secrets of every app.
func (p *platform) Forget() { p.secrets.forget() }

// Answer serves one of the two platforms.
func (p *platform) Answer(call standin.Call) standin.Reply {
	switch call.Operation {
	case OperationIRS, OperationIRSOther, OperationStatus, OperationHeld:
		return p.irs(call)
	case OperationRefreshByKey:
		return p.refreshByKey(call)
	case OperationRefreshBySec:
		return p.refreshBySecret(call)
	default:
		return p.share(call)
	}
}

// row gives the copy's row of a person, nil when the province does not keep their licence.
func (p *platform) row(call standin.Call, idNumber string) (person citizen.Citizen, columns map[string]string) {
	asked, _ := p.registry.Find(idNumber)
	if !asked.Licensed() || asked.Licence.Province() != province {
		return asked, nil
	}
	person, _ = call.Subject(p.registry, idNumber)
	columns = person.LicenceRow().Map()
	columns["cd_time"] = citizen.Moment(call.Synchronised(p.config.syncLag()))
	return asked, columns
}
