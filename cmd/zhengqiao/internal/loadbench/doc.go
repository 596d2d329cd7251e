// Package loadbench measures whether platforms keep their latency while another one asks ten times what it may and a source takes two
// seconds: two steady platforms alone, then the same two beside the trouble, in turns and in one run. The gateway has a process of its own;
// the callers and the stand-ins of the sources share another. It stops at figures.
package loadbench
