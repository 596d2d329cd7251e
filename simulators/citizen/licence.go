package citizen

import "time"

// Citizen is one invented person with everything that the stand-ins may be asked about them.
type Citizen struct {
	IDNumber        string    // 公民身份号码, GB 11643
	Name            string    // UTF-8, may hold characters outside the basic plane
	Sex             string    // GB/T 2261.1: 1 male, 2 female
	Birth           time.Time // civil day in Zone
	Home            Division  // place of registration, may lie in another province than the licence
	Phone           string    // begins with 100, which no operator issues as a mobile prefix
	Deceased        bool      // the population register answers SWBS 1
	IdentityExpired bool      // the identity document has expired: the licence platform answers code 11
	Licence         Licence   // the zero value when the person holds none, see Licensed
	Vehicles        []Vehicle // vehicles in the person's name
}

// Licensed tells whether the person has a licence file at all.
func (c Citizen) Licensed() bool { return c.Licence.FileNumber != "" }

// Licence is the record of one driving licence (机动车驾驶证), before it is written as a row.
type Licence struct {
	FileNumber    string    // 档案编号 dabh, 12 digits, unchanged by a replacement
	CardNumber    string    // 证芯编号 zxbh, 13 digits, new with each card
	Classes       string    // 准驾车型 zjcx, codes without a separator, e.g. A1A2D
	FormerClasses string    // 原准驾车型 yzjcx, empty when the classes never changed
	Status        string    // 驾驶证状态 zt: a set of letters (GA/T 16.25), e.g. BDJ
	Office        Division  // where the licence is kept now
	FirstIssued   time.Time // 初次领证日期 cclzrq
	Issued        time.Time // 发证日期 fzrq of the present card
	ValidFrom     time.Time // 有效期始 yxqs
	ValidUntil    time.Time // 有效期止 yxqz; zero means 长期
	EndBlank      bool      // a 长期 licence whose yxqz is empty instead of 9999-12-31: sources do both
	TermYears     int       // 驾证期限 6 or 10; 0 means 长期
	NextClearing  time.Time // 清分日期 qfrq: the end of the current points cycle
	NextReview    time.Time // 审验日期 syrq
	OverLimit     time.Time // 超分日期 cfrq; zero below 12 points
	Replaced      int       // 补证次数 bzcs
	Points        int       // 累积记分 ljjf, the sum over the decisions of the current cycle
	Probation     bool      // 实习标记 sxbj: within 12 months of the first issue
	Updated       time.Time // 更新时间 gxsj
	NotArchived   bool      // the file has not reached the archive: the licence platform answers code 10
	Decisions     []Decision
}

// LongTerm tells whether the licence has no end of validity.
func (l Licence) LongTerm() bool { return l.ValidUntil.IsZero() }

// Province gives the code of the province that keeps the licence, e.g. 330000.
func (l Licence) Province() string { return l.Office.Province() }
