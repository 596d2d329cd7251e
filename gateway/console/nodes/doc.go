// Package nodes is the console's page about the gateways themselves: this node, what it runs and whether it can keep records, and the
// others of its cluster as far as this one knows them.
package nodes
