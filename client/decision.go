package client

import "context"

// DecisionsPath is where decisions are explained, by id below it.
const DecisionsPath = "/v1/decisions/"

// Decision asks why one of the platform's own queries was decided as it was: reasons, rules, withheld fields, and what would have
// bettered it (DecisionAnswer of the contract). id is decision.id of an answer or a problem. Another platform's decision, one that does
// not exist and one that is too old to be told are the same problem, not-found. Errors are those of [Client.Call].
func (c *Client) Decision(ctx context.Context, id string) (*Reply, error) {
	return c.Call(ctx, DecisionsPath+id, nil)
}
