package bench

import "context"

// Started is a gateway as it serves, in a process of its own: for measurements beside this one.
type Started struct{ child *child }

// StartGateway starts one by self, see [Options], on the configuration zhengqiao.yaml of a folder but on free ports, and returns when it
// takes requests.
func StartGateway(ctx context.Context, self []string, dir string) (*Started, error) {
	c, err := spawn(ctx, self, "gateway", "--mode", string(Whole), "--dir", dir)
	if err != nil {
		return nil, err
	}
	return &Started{c}, nil
}

// URL gives the address of the contract.
func (s *Started) URL() string { return s.child.URL }

// Stop lets it end, and says whether it ended well.
func (s *Started) Stop() error { return s.child.stop() }

// LoadAverage gives the machine's load average over a minute, such as 0.52; empty where it is not known.
func LoadAverage() string { return loadAverage() }
