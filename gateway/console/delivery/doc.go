// Package delivery is the console's page about changes: where each receiving platform stands, what it refused, and what operators order
// about it. What is replayed or skipped is frozen by a preview; more than a thousand deliveries at once need a second person. Orders are
// carried out, and recorded before that, by package repair.
package delivery
