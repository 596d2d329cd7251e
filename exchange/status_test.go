package exchange

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Every letter of GA/T 16.25 as the police's dictionary lists it, and Z of the bureau's list.
func TestStatusLetters(t *testing.T) {
	t.Parallel()
	cases := []struct {
		letter   StatusLetter
		name     string
		mayDrive MayDrive
		blocked  bool
	}{
		{'A', "正常", MayDriveYes, false}, {'B', "超分", MayDriveNo, true}, {'C', "转出", MayDriveAsk, false},
		{'D', "暂扣", MayDriveNo, true}, {'E', "撤销", MayDriveNo, true}, {'F', "吊销", MayDriveNo, true},
		{'G', "注销", MayDriveNo, true}, {'H', "违法未处理", MayDriveYes, true}, {'I', "事故未处理", MayDriveYes, true},
		{'J', "停止使用", MayDriveNo, true}, {'K', "扣押", MayDriveNo, true}, {'L', "锁定", MayDriveUnknown, true},
		{'M', "逾期未换证", MayDriveNo, false}, {'N', "延期换证", MayDriveNo, false}, {'P', "延期体检", MayDriveNo, false},
		{'R', "注销可恢复", MayDriveNo, false}, {'S', "逾期未审验", MayDriveNo, false}, {'T', "延期审验", MayDriveNo, false},
		{'U', "扣留", MayDriveNo, true}, {'Z', "其他", MayDriveUnknown, false},
		// O and Q are not used; a vehicle's letters must not be read as a licence's.
		{'O', "未知状态", MayDriveUnknown, false}, {'Q', "未知状态", MayDriveUnknown, false}, {'超', "未知状态", MayDriveUnknown, false},
	}
	for _, c := range cases {
		state := StatusSet(c.letter).States()[0]
		if state.Code != string(c.letter) || state.NameZH != c.name || state.NameEN == "" {
			t.Errorf("%c: %+v", c.letter, state)
		}
		if state.MayDrive != c.mayDrive || c.letter.MayDrive() != c.mayDrive || state.BusinessBlocked != c.blocked {
			t.Errorf("%c: %+v, want %v and blocked %v", c.letter, state, c.mayDrive, c.blocked)
		}
	}
	if len(statusTable) != 20 {
		t.Errorf("the table has %d letters, the test knows 20", len(statusTable))
	}
}

func TestParseStatus(t *testing.T) {
	t.Parallel()
	cases := []struct {
		zt       string
		want     StatusSet
		mayDrive MayDrive
	}{
		{"A", "A", MayDriveYes},
		{"a", "A", MayDriveYes},
		{"BDJ", "BDJ", MayDriveNo},
		{"JDB", "JDB", MayDriveNo},
		{"B,D J", "BDJ", MayDriveNo},
		{"BBDB", "BD", MayDriveNo},
		{"HI", "HI", MayDriveYes},
		{"HC", "HC", MayDriveAsk},
		{"HL", "HL", MayDriveUnknown},
		{"CL", "CL", MayDriveUnknown},
		{"XB", "XB", MayDriveNo},
		{"HX", "HX", MayDriveUnknown},
		{"Q", "Q", MayDriveUnknown},
		{"B；D", "B；D", MayDriveNo},
		{"H；I", "H；I", MayDriveUnknown},
		{"AH", "AH", MayDriveUnknown}, // A stands alone
		{"AC", "AC", MayDriveUnknown},
		{"AG", "AG", MayDriveNo},
		{"", "", MayDriveUnknown},
		{" , ", "", MayDriveUnknown},
		{"1", "1", MayDriveUnknown},
	}
	for _, c := range cases {
		got := ParseStatus(c.zt)
		if got != c.want || got.MayDrive() != c.mayDrive {
			t.Errorf("%q: %q, may drive %v; want %q, %v", c.zt, got, got.MayDrive(), c.want, c.mayDrive)
		}
	}
}

func TestStatusSetProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zt := rapid.String().Draw(t, "zt")
		set := ParseStatus(zt)
		if ParseStatus(string(set)) != set {
			t.Fatalf("%q is read as %q the second time", set, ParseStatus(string(set)))
		}
		letters, states := set.Letters(), set.States()
		if len(letters) != len(states) {
			t.Fatalf("%d letters, %d states", len(letters), len(states))
		}
		for i, letter := range letters {
			if !set.Has(letter) || states[i].Code != string(letter) || slices.Contains(letters[:i], letter) {
				t.Fatalf("letter %d of %q", i, set)
			}
		}
		if set.MayDrive() == MayDriveYes && slices.ContainsFunc(states, func(s StatusState) bool { return s.MayDrive != MayDriveYes }) {
			t.Fatalf("%q may drive", set)
		}
	})
}

func FuzzParseStatus(f *testing.F) {
	for _, seed := range []string{"A", "BDJ", "b, d", "\xff\xfe", "注销", "ſß"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, zt string) {
		set := ParseStatus(zt)
		if ParseStatus(string(set)) != set || len(set.States()) != len(set.Letters()) {
			t.Fatalf("%q", set)
		}
		if yes := set.MayDrive() == MayDriveYes; yes && set != "A" && set != "H" && set != "I" && set != "HI" && set != "IH" {
			t.Fatalf("%q may drive", set)
		}
	})
}
