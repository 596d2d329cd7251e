// Package simulators runs stand-ins of the platforms that the gateway talks to, all serving one data set of invented
// citizens. They speak the platforms' public wire formats from the server's side, verify what the real ones verify, and
// can be made to fail. Nothing here is shared with the adapters: a mistake made twice would otherwise pass.
//
// It stops at the platforms' published behaviour; whatever is not public is an entry of docs/assumptions.md.
package simulators

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/population"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
	"github.com/zhengqiao/zhengqiao/simulators/suihaoban"
	"github.com/zhengqiao/zhengqiao/simulators/suishenban"
	"github.com/zhengqiao/zhengqiao/simulators/tmri"
	"github.com/zhengqiao/zhengqiao/simulators/webhook"
	"github.com/zhengqiao/zhengqiao/simulators/wechat"
	"github.com/zhengqiao/zhengqiao/simulators/zheliban"
)

// Constructor makes a stand-in from the JSON form of its Config. Unknown keys are refused.
type Constructor func(config []byte, registry *citizen.Registry, clock func() time.Time) (*standin.Server, error)

// Constructors lists every kind of stand-in.
func Constructors() map[string]Constructor {
	return map[string]Constructor{
		"population": fromJSON(population.New),
		"suihaoban":  fromJSON(suihaoban.New),
		"suishenban": fromJSON(suishenban.New),
		"tmri":       fromJSON(tmri.New),
		"webhook":    fromJSON(webhook.New),
		"wechat":     fromJSON(wechat.New),
		"zheliban":   fromJSON(zheliban.New),
	}
}

// fromJSON puts a strict decoder before a package's own constructor.
func fromJSON[C any](construct func(C, *citizen.Registry, func() time.Time) (*standin.Server, error)) Constructor {
	return func(config []byte, registry *citizen.Registry, clock func() time.Time) (*standin.Server, error) {
		decoder := json.NewDecoder(bytes.NewReader(config))
		decoder.DisallowUnknownFields()
		var decoded C
		if err := decoder.Decode(&decoded); err != nil {
			return nil, fmt.Errorf("simulators: read configuration: %w", err)
		}
		return construct(decoded, registry, clock)
	}
}
