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

// borrowed is a table that another program remembers; what is not in it is remembered apart, so that the lender never changes.
type borrowed struct {
	topdown.VirtualCache
	lender topdown.VirtualCache
}

func (b borrowed) Get(ref ast.Ref) (*ast.Term, bool) {
	if value, undefined := b.lender.Get(ref); value != nil || undefined {
		return value, undefined
	}
	return b.VirtualCache.Get(ref)
}

// BorrowTable has the program take the table's values from another that is asked nothing any more, for as far as that knows them. It
// is for programs that differ in nothing that the table depends on.
func (p *Program) BorrowTable(lender *Program) {
	p.table = borrowed{topdown.NewVirtualCache(), lender.table}
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
