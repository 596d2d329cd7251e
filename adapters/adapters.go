// Package adapters lists the kinds of platform that the gateway can ask, those that it can tell of changes, and those that push
// changes to it: one line for each dialect. What a kind does is in its own folder; which platforms exist is configuration.
package adapters

import (
	"github.com/zhengqiao/zhengqiao/adapters/frontdb"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/population"
	"github.com/zhengqiao/zhengqiao/adapters/suihaoban"
	"github.com/zhengqiao/zhengqiao/adapters/suishenban"
	"github.com/zhengqiao/zhengqiao/adapters/tmri"
	"github.com/zhengqiao/zhengqiao/adapters/webhook"
	"github.com/zhengqiao/zhengqiao/adapters/wechat"
	"github.com/zhengqiao/zhengqiao/adapters/zheliban"
)

// Kinds gives, for each kind that a configuration may name, the factory of its sources.
func Kinds() map[string]outbound.Factory {
	return map[string]outbound.Factory{
		population.Kind: population.Open,
		suihaoban.Kind:  suihaoban.Open,
		suishenban.Kind: suishenban.Open,
		tmri.Kind:       tmri.Open,
		zheliban.Kind:   zheliban.Open,
	}
}

// Receivers gives, for each kind that a configuration may name, the factory of its receivers of changes.
func Receivers() map[string]outbound.ReceiverFactory {
	return map[string]outbound.ReceiverFactory{
		frontdb.Kind:    frontdb.OpenReceiver,
		suihaoban.Kind:  suihaoban.OpenReceiver,
		suishenban.Kind: suishenban.OpenReceiver,
		webhook.Kind:    webhook.OpenReceiver,
		wechat.Kind:     wechat.OpenReceiver,
		zheliban.Kind:   zheliban.OpenReceiver,
	}
}

// Inbounds gives, for each kind that a configuration may name, the factory of the readers of what it pushes.
func Inbounds() map[string]outbound.InboundFactory {
	return map[string]outbound.InboundFactory{
		suihaoban.Kind:  suihaoban.OpenInbound,
		suishenban.Kind: suishenban.OpenInbound,
	}
}
