package impact

import (
	"slices"

	"github.com/zhengqiao/zhengqiao/policies"
)

// masked are the members that an [Input] has, though not as they were. An operator may be: see [Replay.why].
func masked() []string { return []string{"purpose.case", "purpose.matterName", "purpose", "input"} }

// unkept gives the first member that policies read and inputs don't keep, "" if there is none. Whether a text is blank is kept also of
// one that is masked, by the member stated.
func unkept(reads []string) string {
	for _, member := range reads {
		if !policies.InputKnown(member) || slices.Contains(masked(), member) {
			return member
		}
	}
	return ""
}
