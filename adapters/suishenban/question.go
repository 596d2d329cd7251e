package suishenban

import "github.com/zhengqiao/zhengqiao/exchange"

// holderCitizen is the library's word for holders who are known by a citizen's ID number.
const holderCitizen = "居民身份证"

type loginQuestion struct {
	Account  string `json:"account"`
	Password string `json:"password"`
}

// purpose are the fields that every call but the log-in repeats: who asks, in which matter and case.
type purpose struct {
	SessionID    string `json:"sessionId"`
	OrgName      string `json:"orgName"`      // 单位名称
	Username     string `json:"username"`     // 经办人
	ItemName     string `json:"itemName"`     // 事项名称
	ItemCode     string `json:"itemCode"`     // 事项编码
	BusinessCode string `json:"businessCode"` // 办件编号
}

// purposeOf takes every field from the query's own purpose: the library's records show who looked, and a constant would hide it.
func purposeOf(p exchange.Purpose, session string) purpose {
	return purpose{session, p.UnitName, p.Operator, p.MatterName, p.Matter, p.Case}
}

type existenceQuestion struct {
	purpose
	HolderType  string `json:"holderType"`
	HolderCode  string `json:"holderCode"`
	HolderName  string `json:"holderName"`
	CatMainCode string `json:"catMainCode"`
}

type dataQuestion struct {
	purpose
	CertUUID string `json:"certUuid"`
}
