package changefeed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// update reads, changes and stores the health until no other gateway came between; nil only reads.
func (s *healthSwitch) update(ctx context.Context, change func(*Health) bool) (bool, error) {
	for {
		stored, revision, err := s.read(ctx)
		if err != nil {
			return false, err
		}
		changes := change != nil && change(&stored)
		if changes {
			err = s.write(ctx, &stored, revision)
		}
		if err == nil {
			s.take(stored)
			return changes, nil
		}
		if !errors.Is(err, journal.ErrConflict) {
			return false, err
		}
	}
}

func (s *healthSwitch) read(ctx context.Context) (Health, uint64, error) {
	value, err := s.marks.Get(ctx, s.platform)
	if errors.Is(err, journal.ErrNotFound) {
		return Health{}, 0, nil
	}
	if err != nil {
		return Health{}, 0, fmt.Errorf("read the health of %s: %w", s.platform, err)
	}
	var stored Health
	if err := json.Unmarshal(value.Data, &stored); err != nil {
		return Health{}, 0, fmt.Errorf("%w: health of %s: %w", ErrUnreadable, s.platform, err)
	}
	return stored, value.Revision, nil
}

func (s *healthSwitch) write(ctx context.Context, h *Health, revision uint64) error {
	data, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("encode the health of %s: %w", s.platform, err)
	}
	if _, err := s.marks.Put(ctx, s.platform, data, revision); err != nil {
		return fmt.Errorf("keep the health of %s: %w", s.platform, err)
	}
	return nil
}
