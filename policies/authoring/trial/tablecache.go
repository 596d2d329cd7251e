package trial

import (
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/zhengqiao/zhengqiao/policies"
)

// tableCache keeps the values of the table's rules from one question to the next, since they depend on no input, and forgets all
// others. Under a `with`, which may change the data, it keeps nothing.
type tableCache struct {
	own   topdown.VirtualCache
	table topdown.VirtualCache
	with  int // how many of them are around
}

var tableRef = ast.MustParseRef(policies.TablePackage)

func (c *tableCache) of(ref ast.Ref) topdown.VirtualCache {
	if c.with == 0 && ref.HasPrefix(tableRef) {
		return c.table
	}
	return c.own
}

func (c *tableCache) Push() {
	c.with++
	c.own.Push()
}

func (c *tableCache) Pop() {
	c.with--
	c.own.Pop()
}

func (c *tableCache) Get(ref ast.Ref) (*ast.Term, bool) { return c.of(ref).Get(ref) }

func (c *tableCache) Put(ref ast.Ref, value *ast.Term) { c.of(ref).Put(ref, value) }

func (c *tableCache) Keys() []ast.Ref { return append(c.own.Keys(), c.table.Keys()...) }
