package zheliban

import (
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/holding"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Book gives what the platform holds of the changes that it was told.
func (p *platform) Book() *holding.Book { return &p.book }

// status takes a notice of a change, wherever the licence is kept: its holder may live in Zhejiang.
func (p *platform) status(call standin.Call) componentAnswer {
	told, err := holding.Read(call.Body, call.Now)
	if err != nil {
		return decline("PARAMETER_INVALID", "请求参数错误")
	}
	if _, known := p.registry.Find(told.IDNumber); !known {
		return decline("SUBJECT_UNKNOWN", "查无此人")
	}
	receipt := holding.Receipt{Licence: told.Licence, Version: p.book.Take(told)}
	if call.Faults.Has(fault.WrongPerson) {
		receipt.Licence = "another"
	}
	return componentAnswer{Success: true, ErrorMsg: "成功", Data: receipt}
}

// held lists what the platform holds.
func (p *platform) held(call standin.Call) componentAnswer {
	rows, err := p.book.Page(call.Body)
	if err != nil {
		return decline("PARAMETER_INVALID", "请求参数错误")
	}
	return componentAnswer{Success: true, ErrorMsg: "成功", Data: rows}
}
