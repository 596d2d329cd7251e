// Package population is a stand-in of the real-name match of the national population register (公安部人口信息), reached
// through the 国家数据共享交换平台: a refresh that hands out a wrapped secret, and a SOAP call signed with that secret. It
// verifies requester, service, time, signature, secret and the purpose fields of the request's head.
//
// It answers whether number and name belong together, whether there is such a person, and whether they are alive. The
// register's data itself (GK_JZCX_RKJCXXCX) is not served: a match needs no more than a yes or no.
package population

import (
	"errors"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Addresses, and the operations that calls are counted by.
const (
	PathRefresh = "/sysapi/auth/refreshSecret"
	PathMatch   = "/gateway/services/GK_GXFW_SFHC"

	OperationRefresh = "refreshSecret"
	OperationMatch   = "GK_GXFW_SFHC"
)

// defaultSecretLife is how long a secret lives when the configuration does not say.
const defaultSecretLife = 30 * time.Minute

// Config says whom the platform knows.
type Config struct {
	Requesters        map[string]string `json:"requesters"`        // appkey by requester id (gjgxjhpt_rid)
	Service           string            `json:"service"`           // granted service id (gjgxjhpt_sid), e.g. s_1200000900000_2109
	User              string            `json:"user"`              // in1 of the SOAP call
	Password          string            `json:"password"`          // in2 of the SOAP call
	SecretLifeSeconds int               `json:"secretLifeSeconds"` // 0: 1800
}

type platform struct {
	config   Config
	registry *citizen.Registry
	mint     standin.Mint
	secrets  secrets
}

// New makes the stand-in. It refuses a configuration without requesters or without a service.
func New(config Config, registry *citizen.Registry, clock func() time.Time) (*standin.Server, error) {
	if len(config.Requesters) == 0 || config.Service == "" {
		return nil, errors.New("population: requesters and service must be configured")
	}
	return standin.NewServer(&platform{config: config, registry: registry}, clock), nil
}

// Operation names a call by its address.
func (p *platform) Operation(request *http.Request, _ []byte) string {
	return map[string]string{PathRefresh: OperationRefresh, PathMatch: OperationMatch}[request.URL.Path]
}

// Forget drops the secrets.
func (p *platform) Forget() { p.secrets.forget() }

// Answer serves the refresh or the match.
func (p *platform) Answer(call standin.Call) standin.Reply {
	if call.Operation == OperationRefresh {
		return p.refresh(call)
	}
	return p.match(call)
}

func (p *platform) secretLife() time.Duration {
	if p.config.SecretLifeSeconds > 0 {
		return time.Duration(p.config.SecretLifeSeconds) * time.Second
	}
	return defaultSecretLife
}
