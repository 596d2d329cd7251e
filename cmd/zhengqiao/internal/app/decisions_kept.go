package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/kept"
)

// policiesName is the name of the log that keeps the policies that were in force, of each node its own.
const policiesName = "policies"

func policiesLog(c *config.Config) string {
	if node := c.Journal.Node(); node != "" {
		return policiesName + "-" + node
	}
	return policiesName
}

// keptPolicies is one entry of the log, version 1: from when on a revision was in force, and, the first time, its files.
type keptPolicies struct {
	Version  int       `json:"v"`
	Revision string    `json:"revision"`
	At       time.Time `json:"at"`
	Files    []byte    `json:"files,omitempty"` // [kept.Pack]
}

// keeper keeps each revision that comes into force, whoever puts it there.
type keeper struct {
	log    *journal.Log
	engine *policies.Engine

	mu    sync.Mutex
	last  string          // the revision noted last
	known map[string]bool // whose files are kept
}

// newKeeper opens the log and notes the policies that the gateway starts with.
func newKeeper(ctx context.Context, j *journal.Journal, c *config.Config, engine *policies.Engine) (*keeper, error) {
	log, err := j.Log(ctx, journal.LogConfig{Name: policiesLog(c), MaxRecordBytes: keptBytes})
	if err != nil {
		return nil, err
	}
	k := &keeper{log: log, engine: engine, known: map[string]bool{}}
	err = log.Scan(ctx, 0, func(_ journal.Position, stored journal.Record) error {
		var entry keptPolicies
		if err := json.Unmarshal(stored.Data, &entry); err != nil {
			return fmt.Errorf("read kept policies: %w", err)
		}
		k.last = entry.Revision
		k.known[entry.Revision] = k.known[entry.Revision] || len(entry.Files) > 0
		return nil
	})
	if err != nil {
		return nil, err
	}
	_, err = k.keep(ctx)
	return k, err
}

// keptBytes is room for a packed revision as JSON writes it.
const keptBytes = 960 << 10

// keep notes the revision in force, if it is not the one noted last. Policies that are too large to be kept are noted without their
// files, which is no reason not to serve: the decisions on record name their rules all the same.
func (k *keeper) keep(ctx context.Context) (changed bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	revision, files := k.engine.Sources()
	if revision == k.last {
		return false, nil
	}
	entry := keptPolicies{Version: 1, Revision: revision, At: time.Now().UTC()}
	if !k.known[revision] {
		if entry.Files, err = kept.Pack(files); err != nil && !errors.Is(err, kept.ErrTooLarge) {
			return false, err
		}
	}
	data, err := json.Marshal(entry)
	if err == nil {
		_, err = k.log.Append(ctx, journal.Record{Data: data, Key: revision})
	}
	if err != nil {
		return false, fmt.Errorf("keep policies %s: %w", revision, err)
	}
	k.last, k.known[revision] = revision, true
	return true, nil
}

// ErrNotKept says that the policies of a revision are not in the journal.
var ErrNotKept = errors.New("the policies of this revision are not kept in the journal")

// Policies gives the files of a revision that was in force. ErrNotKept: on no gateway of this journal, or they were too large.
func (t *Trail) Policies(ctx context.Context, revision string) (fs.FS, error) {
	names, err := t.journal.Logs(ctx)
	if err != nil {
		return nil, err
	}
	var found []byte
	for _, name := range names {
		if name != policiesName && !strings.HasPrefix(name, policiesName+"-") {
			continue
		}
		err := t.journal.ReadLog(ctx, name, 0, func(_ journal.Position, stored journal.Record) error {
			var entry keptPolicies
			if stored.Key != revision || json.Unmarshal(stored.Data, &entry) != nil || len(entry.Files) == 0 {
				return nil
			}
			found = entry.Files
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if found == nil {
		return nil, fmt.Errorf("%w: %s", ErrNotKept, revision)
	}
	return kept.Open(found, revision, smcrypto.NewSM3)
}
