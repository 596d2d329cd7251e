package demo

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

const (
	seed     = 20261124 // of the invented citizens
	citizens = 200      // besides the personas

	population = "population"
	service    = "s_1200000900000_2109"
	catalogue  = "310105109000999" // S2 in the register of assumptions: made up
	wechatApp  = "wx0123456789abcdef"
	webhookKey = "webhook.pub.pem" // verifies what the gateway tells by webhook
)

// platformIDs are the callers, each with its key <id>-1.
func platformIDs() []string {
	return []string{"suishenban", "zheliban", "suihaoban", "jiaoguan12123", "wechat-city", "thirdparty-mini"}
}

// startStandIns starts a stand-in of every source with the secrets that the gateway will use.
func startStandIns(secrets credentials) (*simulators.Running, *citizen.Registry, error) {
	registry, err := newCitizens()
	if err != nil {
		return nil, nil, err
	}
	configs, err := standInConfigs(secrets)
	if err != nil {
		return nil, nil, err
	}
	running, err := simulators.Start(simulators.Settings{Registry: registry, Clock: time.Now, Platforms: configs})
	return running, registry, err
}

func newCitizens() (*citizen.Registry, error) {
	registry, err := citizen.New(seed, time.Now(), citizens)
	if err != nil {
		return nil, fmt.Errorf("make the test citizens: %w", err)
	}
	return registry, nil
}

// standIn is a stand-in before it is made: its kind and what its constructor reads as JSON.
type standIn struct {
	kind   string
	config map[string]any
}

func standIns(secrets credentials) []standIn {
	grants := []string{"02C06", "04C01", "04C03", "04C04", "01C21"}
	return []standIn{
		{"tmri", map[string]any{"serials": map[string]any{secrets["tmri.serial"]: map[string]any{"interfaces": grants}}}},
		{"suishenban", map[string]any{"accounts": map[string]string{"zhengqiao": secrets["suishenban.password"]}, "catMainCode": catalogue}},
		{"zheliban", map[string]any{"accessKeys": map[string]string{"zhengqiao": secrets["zheliban.secret"]}, "appKeys": map[string]string{"zhengqiao": secrets["zheliban.appsecret"]}}},
		{"suihaoban", map[string]any{"tokens": map[string]string{"zhengqiao": secrets["suihaoban.token"]}}},
		{"wechat", map[string]any{"apps": map[string]string{wechatApp: secrets["wechat.secret"]}}},
		{"webhook", map[string]any{"keys": []string{secrets[webhookKey]}}},
		{population, map[string]any{"requesters": map[string]string{"zhengqiao": secrets["population.appkey"]}, "service": service, "user": "zhengqiao", "password": secrets["population.password"]}},
	}
}

func standInConfigs(secrets credentials) ([]simulators.Platform, error) {
	var all []simulators.Platform
	for _, standIn := range standIns(secrets) {
		config, err := json.Marshal(standIn.config)
		if err != nil {
			return nil, err
		}
		all = append(all, simulators.Platform{Kind: standIn.kind, Config: config})
	}
	return all, nil
}
