package suihaoban

import (
	"net/http"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/holding"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Book gives what the platform holds of the changes that it was told.
func (p *platform) Book() *holding.Book { return &p.book }

// status takes a notice of a change, wherever the licence is kept: its holder may live in Guangzhou.
func (p *platform) status(call standin.Call) answer {
	told, err := holding.Read(call.Body, call.Now)
	if err != nil || call.Request.Method != http.MethodPost {
		return answer{ErrCode: errorBody, ErrMsg: "请求参数错误"}
	}
	if _, known := p.registry.Find(told.IDNumber); !known {
		return answer{ErrCode: errorUnknown, ErrMsg: "查无此人"}
	}
	receipt := holding.Receipt{Licence: told.Licence, Version: p.book.Take(told)}
	if call.Faults.Has(fault.WrongPerson) {
		receipt.Licence = "another"
	}
	return answer{ErrMsg: "成功", Data: receipt}
}

// held lists what the platform holds.
func (p *platform) held(call standin.Call) answer {
	rows, err := p.book.Page(call.Body)
	if err != nil || call.Request.Method != http.MethodPost {
		return answer{ErrCode: errorBody, ErrMsg: "请求参数错误"}
	}
	return answer{ErrMsg: "成功", Data: rows}
}
