package exchange

import "strings"

// MayDrive is what a licence's status lets its holder do.
type MayDrive string

// The answers to "may the holder drive?".
const (
	MayDriveYes     MayDrive = "yes"
	MayDriveNo      MayDrive = "no"
	MayDriveUnknown MayDrive = "unknown" // not confirmed valid: an unknown or ambiguous letter
	MayDriveAsk     MayDrive = "ask"     // the file moved: ask the receiving office
)

// StatusLetter is one letter of 驾驶证状态 (GA/T 16.25).
type StatusLetter rune

// StatusSet is a licence's status: a set of letters, written together as in "BDJ" (超分, 暂扣 and 停止使用 at once), kept in the
// source's order without repeats. Letters that no list knows are kept. The empty set is no status.
type StatusSet string

// ParseStatus reads the letters of a source's zt column; blanks and commas between letters are dropped.
func ParseStatus(zt string) StatusSet {
	var set strings.Builder
	for _, letter := range strings.ToUpper(zt) {
		if letter == ' ' || letter == ',' || strings.ContainsRune(set.String(), letter) {
			continue
		}
		set.WriteRune(letter)
	}
	return StatusSet(set.String())
}

// Letters gives the letters in the source's order.
func (s StatusSet) Letters() []StatusLetter { return []StatusLetter(s) }

// Has reports whether the letter is in the set.
func (s StatusSet) Has(letter StatusLetter) bool {
	return strings.ContainsRune(string(s), rune(letter))
}

// Equal reports whether two sets hold the same letters, in whatever order.
func (s StatusSet) Equal(other StatusSet) bool {
	return len(s.Minus(other)) == 0 && len(other.Minus(s)) == 0
}

// Minus gives the letters of s that other lacks, in s's order.
func (s StatusSet) Minus(other StatusSet) StatusSet {
	var left []rune
	for _, letter := range s.Letters() {
		if !other.Has(letter) {
			left = append(left, rune(letter))
		}
	}
	return StatusSet(left)
}

// MayDrive judges the whole set: one "no" decides; then one unknown; then one "ask"; a set without letters is unknown.
// 正常 (A) beside another letter contradicts GA/T 16.25, where it stands alone, so it is not confirmed valid either.
func (s StatusSet) MayDrive() MayDrive {
	no, unknown, ask := false, s == "", false
	for _, letter := range string(s) {
		switch StatusLetter(letter).MayDrive() {
		case MayDriveNo:
			no = true
		case MayDriveUnknown:
			unknown = true
		case MayDriveAsk:
			ask = true
		}
	}
	contradiction := s.Has('A') && len(s) > 1
	switch {
	case no:
		return MayDriveNo
	case unknown || contradiction:
		return MayDriveUnknown
	case ask:
		return MayDriveAsk
	}
	return MayDriveYes
}

// States gives each letter with its name and meaning, in the source's order.
func (s StatusSet) States() []StatusState {
	states := make([]StatusState, 0, len(s))
	for _, letter := range s.Letters() {
		states = append(states, letter.state())
	}
	return states
}

// StatusState is one letter, explained.
type StatusState struct {
	Code            string   `json:"code"`
	NameZH          string   `json:"nameZh"`
	NameEN          string   `json:"nameEn"`
	MayDrive        MayDrive `json:"mayDrive"`
	BusinessBlocked bool     `json:"businessBlocked"` // 业务受限: no licence business until it is dealt with
}

// MayDrive judges one letter.
func (l StatusLetter) MayDrive() MayDrive { return l.state().MayDrive }

func (l StatusLetter) state() StatusState {
	if state, ok := statusTable[l]; ok {
		state.Code = string(l)
		return state
	}
	return StatusState{Code: string(l), NameZH: "未知状态", NameEN: "unknown status", MayDrive: MayDriveUnknown}
}

// statusTable follows the lists that derive from the police's dictionary (frm_code xtlb 00, dmlb 2005; GA/T 16.25-2012).
// R reads 注销可恢复 there and 逾期未体检 in lists that derive from a bureau feed; both forbid driving. Z is only in the latter.
var statusTable = map[StatusLetter]StatusState{
	'A': {NameZH: "正常", NameEN: "normal", MayDrive: MayDriveYes},
	'B': {NameZH: "超分", NameEN: "points limit reached", MayDrive: MayDriveNo, BusinessBlocked: true},
	'C': {NameZH: "转出", NameEN: "file moved out", MayDrive: MayDriveAsk},
	'D': {NameZH: "暂扣", NameEN: "suspended", MayDrive: MayDriveNo, BusinessBlocked: true},
	'E': {NameZH: "撤销", NameEN: "permit revoked", MayDrive: MayDriveNo, BusinessBlocked: true},
	'F': {NameZH: "吊销", NameEN: "revoked as a penalty", MayDrive: MayDriveNo, BusinessBlocked: true},
	'G': {NameZH: "注销", NameEN: "cancelled", MayDrive: MayDriveNo, BusinessBlocked: true},
	'H': {NameZH: "违法未处理", NameEN: "violation not dealt with", MayDrive: MayDriveYes, BusinessBlocked: true},
	'I': {NameZH: "事故未处理", NameEN: "accident not dealt with", MayDrive: MayDriveYes, BusinessBlocked: true},
	'J': {NameZH: "停止使用", NameEN: "use stopped", MayDrive: MayDriveNo, BusinessBlocked: true},
	'K': {NameZH: "扣押", NameEN: "seized", MayDrive: MayDriveNo, BusinessBlocked: true},
	'L': {NameZH: "锁定", NameEN: "locked", MayDrive: MayDriveUnknown, BusinessBlocked: true},
	'M': {NameZH: "逾期未换证", NameEN: "renewal overdue", MayDrive: MayDriveNo},
	'N': {NameZH: "延期换证", NameEN: "renewal deferred", MayDrive: MayDriveNo},
	'P': {NameZH: "延期体检", NameEN: "medical deferred", MayDrive: MayDriveNo},
	'R': {NameZH: "注销可恢复", NameEN: "cancelled, restorable", MayDrive: MayDriveNo},
	'S': {NameZH: "逾期未审验", NameEN: "inspection overdue", MayDrive: MayDriveNo},
	'T': {NameZH: "延期审验", NameEN: "inspection deferred", MayDrive: MayDriveNo},
	'U': {NameZH: "扣留", NameEN: "withheld by enforcement", MayDrive: MayDriveNo, BusinessBlocked: true},
	'Z': {NameZH: "其他", NameEN: "other", MayDrive: MayDriveUnknown},
}
