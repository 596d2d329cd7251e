package widening

import "github.com/zhengqiao/zhengqiao/policies"

// Unseen gives what [Compare] finds without asking about any request.
func Unseen(before, after *policies.Draft) Difference {
	c := comparison{platforms: map[string]bool{}, gains: map[string]bool{}}
	c.unseen(before, after)
	return c.difference()
}
