package exchange

import "testing"

func TestSameName(t *testing.T) {
	t.Parallel()
	cases := []struct {
		a, b string
		same bool
	}{
		{"张三", "张三", true}, {"张 三", "张三", true}, {"张　三", "张三", true}, {" 张三\t", "张三", true},
		{"阿卜杜拉·买买提", "阿卜杜拉•买买提", true}, {"阿卜杜拉·买买提", "阿卜杜拉‧买买提", true},
		{"阿卜杜拉·买买提", "阿卜杜拉・买买提", true}, {"阿卜杜拉·买买提", "阿卜杜拉．买买提", true},
		{"阿卜杜拉·买买提", "阿卜杜拉 . 买买提", true}, {"阿卜杜拉·买买提", "阿卜杜拉∙买买提", true},
		{"阿卜杜拉·买买提", "阿卜杜拉⋅买买提", true}, {"阿卜杜拉·买买提", "阿卜杜拉･买买提", true},
		{"ＭＡＲＩＡ Li", "maria li", true}, {"𠮷田", "𠮷田", true},
		{"阿卜杜拉·买买提", "阿卜杜拉买买提", false}, {"张三", "张", false}, {"张三", "三张", false}, {"张三", "张叁", false},
		{"張三", "张三", false}, {"*三", "张三", false}, {"", "张三", false}, {"𠮷田", "吉田", false}, {"\xff", "\xfe", false}, {"张\ufffd", "张\ufffd", false},
	}
	for _, c := range cases {
		if SameName(c.a, c.b) != c.same || SameName(c.b, c.a) != c.same {
			t.Errorf("%q and %q: want %v", c.a, c.b, c.same)
		}
	}
}
