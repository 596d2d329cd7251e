// Package matrix shows the whole of what policies let be seen: platform by purpose, operation, region and level of assurance, each
// field with its mask. It holds that against what people wrote down (matrix/*.yaml), where whatever is not listed is expected to be
// hidden. It asks about citizens of age who act within the purpose; what else may refuse a request is the cases' business.
//
//	data ─▶ Cells ─▶ ask each ─▶ Matrix ─▶ render, or hold against the Book
package matrix
