package exchange

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The rules and the two ID vectors are those of Zhejiang's public client library (M1 in the register of assumptions).
func TestMask(t *testing.T) {
	t.Parallel()
	cases := []struct {
		mask     Mask
		in, want string
	}{
		{MaskNone, "张三", "张三"}, {MaskNone, "", ""},
		{MaskName, "张三", "*三"}, {MaskName, "欧阳小明", "*阳小明"}, {MaskName, "王", "*"}, {MaskName, "", ""},
		{MaskName, "𠮷田", "*田"}, {MaskName, "李𠮷", "*𠮷"}, {MaskName, "阿卜杜拉·买买提", "*卜杜拉·买买提"},
		{MaskStrong, citizenID, "1****************X"}, {MaskStrong, "12", "**"}, {MaskStrong, "123", "1*3"}, {MaskStrong, "", ""},
		{MaskOrdinary, citizenID, "1***05194912*****X"}, {MaskOrdinary, "1234567890", "**********"},
		{MaskThirds, "310012345678", "3100****5678"}, {MaskThirds, "12", "**"}, {MaskThirds, "123", "1*3"}, {MaskThirds, "1234567", "12***67"},
		{MaskMobile, "13812345678", "138****5678"}, {MaskMobile, "+8613812345678", "+86*******5678"},
		{MaskMobile, "87654321", "********"}, {MaskMobile, "", ""},
		{MaskPlate, "沪A12345", "沪A***45"}, {MaskPlate, "沪AD12345", "沪A****45"}, {MaskPlate, "沪A123", "*****"},
		{MaskYear, "2026-05-09", "2026******"}, {MaskYear, "2026-05-09T08:30:00+08:00", "2026*********************"},
		{MaskYear, citizenID, strings.Repeat("*", 18)}, {MaskYear, "2026", "****"}, {MaskYear, "", ""},
		{"rot13", "张三", "**"}, {"", "张三", "**"},
	}
	for _, c := range cases {
		if got := c.mask.Apply(c.in); got != c.want {
			t.Errorf("%q of %q: %q, want %q", c.mask, c.in, got, c.want)
		}
	}
}

func TestMaskKnown(t *testing.T) {
	t.Parallel()
	for _, mask := range everyMask() {
		if !mask.Known() {
			t.Errorf("%q", mask)
		}
	}
	for _, mask := range []Mask{"", "NONE", "none ", "hash"} {
		if mask.Known() {
			t.Errorf("%q is no mask", mask)
		}
	}
}

func everyMask() []Mask {
	return []Mask{MaskNone, MaskName, MaskStrong, MaskOrdinary, MaskThirds, MaskMobile, MaskPlate, MaskYear}
}

func TestMaskProperties(t *testing.T) {
	t.Parallel()
	masks := append(everyMask()[1:], "unknown", "")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(1, 40, -1).Draw(t, "text")
		mask := rapid.SampledFrom(masks).Draw(t, "mask")
		in, out := []rune(text), []rune(mask.Apply(text))
		if len(in) != len(out) {
			t.Fatalf("%d characters became %d", len(in), len(out))
		}
		hidden := 0
		for i := range in {
			if out[i] == '*' {
				hidden++
			} else if out[i] != in[i] {
				t.Fatalf("character %d changed", i)
			}
		}
		if hidden == 0 {
			t.Fatalf("%q hides nothing of %q", mask, text)
		}
	})
}
