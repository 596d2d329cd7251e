package gateway

import (
	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/api"
)

// GetCapabilities answers GET /v1/capabilities for the platform that signed. It holds no personal data and is not recorded.
func (o operations) GetCapabilities(c echo.Context) error {
	v := visitOf(c)
	if err := bare(c, v); err != nil {
		return err
	}
	answer := api.Capabilities{
		Platform: v.platform.ID, Region: string(v.platform.Region), Capabilities: []api.Capability{},
	}
	if o.deps.Capabilities != nil {
		for _, one := range o.deps.Capabilities.Capabilities(v.platform.ID) {
			answer.Capabilities = append(answer.Capabilities, one.wire())
		}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return exchange.Errorf(exchange.Internal, "encode the capabilities: %w", err)
	}
	return o.succeed(c, v, body)
}

// bare refuses a body or a query string where the contract has neither.
func bare(c echo.Context, v *visit) error {
	switch {
	case len(v.body) > 0:
		return invalid(fault("", faultBody))
	case c.Request().URL.RawQuery != "" || c.Request().URL.ForceQuery:
		return invalid(fault("", faultQueryString))
	}
	return nil
}

func (one *Capability) wire() api.Capability {
	wire := api.Capability{
		Region: string(one.Region), RegionName: api.Text{Zh: one.Region.Name().ZH, En: one.Region.Name().EN},
		Class: api.CapabilityClass(one.Class), Channel: one.Channel, Tier: api.Tier(one.Tier),
		Operations: []api.Operation{}, Features: append([]string{}, one.Features...),
	}
	for _, op := range one.Operations {
		wire.Operations = append(wire.Operations, api.Operation(op))
	}
	return wire
}
