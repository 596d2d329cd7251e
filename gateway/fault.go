package gateway

import "github.com/zhengqiao/zhengqiao/exchange"

// faultCode says what is wrong at a pointer.
type faultCode string

// The faults that a pointer can have. The first group is the schema's, the second what a schema cannot say.
const (
	faultMissing  faultCode = "missing"
	faultUnknown  faultCode = "unknown-member"
	faultType     faultCode = "wrong-type"
	faultForm     faultCode = "wrong-form"
	faultLength   faultCode = "wrong-length"
	faultChoice   faultCode = "not-listed"
	faultRange    faultCode = "out-of-range"
	faultCount    faultCode = "wrong-count"
	faultRepeated faultCode = "repeated"

	faultIDDivision     faultCode = "id-division"
	faultIDDate         faultCode = "id-date"
	faultIDCheck        faultCode = "id-check"
	faultDate           faultCode = "no-such-date"
	faultFuture         faultCode = "in-the-future"
	faultRegion         faultCode = "no-such-region"
	faultPersonalNumber faultCode = "personal-number"
	faultQueryString    faultCode = "query-string"
	faultBody           faultCode = "no-body-wanted"
	faultNotRelaying    faultCode = "not-a-gateway"
	faultIdempotency    faultCode = "idempotency-key"
	faultParameter      faultCode = "unknown-parameter"
	faultCursor         faultCode = "unknown-cursor"
)

// fault makes the pointer entry of a problem. Its text comes when the list is complete: most of a very wrong request's pointers
// don't fit into it.
func fault(pointer string, code faultCode) exchange.Pointer {
	return exchange.Pointer{Pointer: pointer, Code: string(code)}
}

// invalid is the refusal of a request that breaks the contract at these places.
func invalid(list ...exchange.Pointer) *exchange.Error {
	return &exchange.Error{Code: exchange.InvalidRequest, Pointers: sorted(list)}
}

func (code faultCode) text() exchange.Text {
	switch code {
	case faultMissing:
		return exchange.Text{ZH: "必填，但没有填。", EN: "It is required and missing."}
	case faultUnknown:
		return exchange.Text{ZH: "接口没有此成员。", EN: "The contract has no such member."}
	case faultType:
		return exchange.Text{ZH: "类型不对。", EN: "It has the wrong type."}
	case faultLength:
		return exchange.Text{ZH: "长度不对。", EN: "It has the wrong length."}
	case faultChoice:
		return exchange.Text{ZH: "不在允许的取值之中。", EN: "It is none of the values allowed."}
	case faultRange:
		return exchange.Text{ZH: "超出允许的范围。", EN: "It is out of the range allowed."}
	case faultCount:
		return exchange.Text{ZH: "项数不对。", EN: "It has the wrong number of items."}
	case faultRepeated:
		return exchange.Text{ZH: "有重复的项。", EN: "An item is repeated."}
	}
	return code.meaning()
}

func (code faultCode) meaning() exchange.Text {
	switch code {
	case faultIDDivision:
		return exchange.Text{ZH: "身份证号码的前两位不是省级行政区划。", EN: "The ID number's first two digits are no provincial division."}
	case faultIDDate:
		return exchange.Text{ZH: "身份证号码中的出生日期不存在或在将来。", EN: "The ID number's birth date does not exist or lies in the future."}
	case faultIDCheck:
		return exchange.Text{ZH: "身份证号码的校验码不对。", EN: "The ID number's check character is wrong."}
	case faultDate:
		return exchange.Text{ZH: "没有这一天或这一时刻。", EN: "There is no such day or moment."}
	case faultFuture:
		return exchange.Text{ZH: "时间在将来。", EN: "It lies in the future."}
	case faultRegion:
		return exchange.Text{ZH: "不是省级行政区划代码。", EN: "It is no code of a provincial division."}
	case faultPersonalNumber:
		return exchange.Text{ZH: "此处不得填写身份证号码。", EN: "A personal number does not belong here."}
	case faultQueryString:
		return exchange.Text{ZH: "不得有查询字符串。", EN: "There must be no query string."}
	case faultNotRelaying:
		return exchange.Text{ZH: "只有登记为网关的平台才能填写：这里提到的平台不会再收到通知。", EN: "Only a platform that is registered as a gateway may say this: whoever is named here is not told."}
	case faultBody:
		return exchange.Text{ZH: "不得有正文。", EN: "There must be no body."}
	}
	return code.changesMeaning()
}

func (code faultCode) changesMeaning() exchange.Text {
	switch code {
	case faultIdempotency:
		return exchange.Text{
			ZH: "须有且只有一个 Idempotency-Key 请求头，其值与 reportId 相同。",
			EN: "There must be one Idempotency-Key field, and it must be equal to reportId.",
		}
	case faultParameter:
		return exchange.Text{ZH: "此操作没有这个查询参数。", EN: "The operation has no such query parameter."}
	case faultCursor:
		return exchange.Text{
			ZH: "不是本平台变更列表中的位置。请不带 after 从头读取，已有的按 licence 和 version 识别。",
			EN: "It is no place in this platform's feed. Read from the beginning, without after; what is known already shows by licence and version.",
		}
	}
	return exchange.Text{ZH: "格式不对。", EN: "It has the wrong form."}
}
