package policies

import (
	"io/fs"
	"strings"
	"testing"
)

// FuzzData: whatever a data file says, it is refused or of its shape, and every fault has a place.
func FuzzData(f *testing.F) {
	files, err := fs.Glob(Embedded(), "data/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		content, err := fs.ReadFile(Embedded(), file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add([]byte("a: &a [*a]\nb: {<<: *a, ? x : y}\n--- |\n  c\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		b := &bundle{data: map[string]any{}, places: places{}}
		if b.addData("data/x.yaml", content) != nil {
			return
		}
		err := b.checkData()
		if err == nil {
			t.Fatal("one file has all the data")
		}
		for line := range strings.SplitSeq(err.Error(), "\n") {
			if strings.HasPrefix(line, "policies: :") {
				t.Fatalf("%q has no place", line)
			}
		}
	})
}
