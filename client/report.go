package client

import (
	"context"
	"errors"
	"net/http"

	"github.com/go-json-experiment/json"
)

// ChangesPath is where changes are reported and where the platform's own feed of them is read.
const ChangesPath = "/v1/changes"

// Report sends a report of a change, the contract's ChangeReport as JSON, and returns the verified answer, a problem included. The
// same report may be sent again after any error: its reportId, which goes out as Idempotency-Key too, makes it one.
func (c *Client) Report(ctx context.Context, report []byte) (*Reply, error) {
	var named struct {
		ReportID string `json:"reportId"`
	}
	if err := json.Unmarshal(report, &named); err != nil || named.ReportID == "" {
		return nil, errors.New("client: a report is a JSON object with a reportId") // the parser's text may quote it
	}
	request, base, err := c.request(ctx, http.MethodPost, ChangesPath, report)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Idempotency-Key", named.ReportID) // not covered by the signature, hence equal to what is
	return c.exchange(request, base)
}
