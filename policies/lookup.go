package policies

import (
	"encoding/json"
	"slices"
	"strconv"
)

// member gives what is below a value of the data, nil where there is nothing.
func member(value any, names ...string) any {
	for _, name := range names {
		members, _ := value.(map[string]any)
		value = members[name]
	}
	return value
}

// textAt gives the text below a value of the data, "" where there is none.
func textAt(value any, names ...string) string {
	text, _ := member(value, names...).(string)
	return text
}

// texts gives the texts of a list below a value of the data. What is no text is "".
func texts(value any, names ...string) []string {
	items, _ := member(value, names...).([]any)
	all := make([]string, len(items))
	for i, one := range items {
		all[i], _ = one.(string)
	}
	return all
}

func asNumber(value any) float64 {
	number, _ := value.(json.Number)
	n, _ := number.Float64()
	return n
}

// item gives the path of an item of a list.
func item(path, list string, i int) string { return join(path, list) + "[" + strconv.Itoa(i) + "]" }

func intersect(a, b []string) bool {
	return slices.ContainsFunc(a, func(one string) bool { return slices.Contains(b, one) })
}

func asTexts[T ~string](list []T) []string {
	texts := make([]string, len(list))
	for i, one := range list {
		texts[i] = string(one)
	}
	return texts
}
