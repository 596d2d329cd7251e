package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

// senders push changes, each of its own licences, round by round.
type senders struct {
	group    *errgroup.Group
	repeated atomic.Int64 // pushes that had to be sent again
}

func (s *senders) wait() error { return s.group.Wait() }

func sendAll(ctx context.Context, o ordeal, listen, dir string) *senders {
	s := &senders{}
	s.group, ctx = errgroup.WithContext(ctx)
	client := &http.Client{Timeout: 30 * time.Second}
	start := time.Now().Add(-2 * time.Hour)
	for number := range o.senders {
		s.group.Go(func() error {
			key, err := (keys.Files{Root: filepath.Join(dir, "keys")}).PrivateKey("file:suishenban-push.key.pem")
			if err != nil {
				return err
			}
			sender := &sender{client: client, url: "http://" + listen + "/push/suishenban", key: key, first: number * o.licences, count: o.licences, start: start}
			for round := 1; round <= o.rounds; round++ {
				if err := s.untilTaken(ctx, sender, round); err != nil {
					return fmt.Errorf("sender %d, round %d: %w", number, round, err)
				}
			}
			return nil
		})
	}
	return s
}

// untilTaken sends a round until it is acknowledged: the gateway may be dead, dying or full.
func (s *senders) untilTaken(ctx context.Context, sender *sender, round int) error {
	for {
		err := sender.push(ctx, round)
		if err == nil || errors.Is(err, errRefused) {
			return err
		}
		s.repeated.Add(1)
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// errRefused is the error of a push that the gateway answered and did not take whole, which no repetition mends.
var errRefused = errors.New("a push was not taken as it was")

// sender signs messages as S4 in the register of assumptions has it, written out here.
type sender struct {
	client       *http.Client
	url          string
	key          *smcrypto.PrivateKey
	first, count int // licences
	start        time.Time
	nonces       int
}

func (s *sender) push(ctx context.Context, round int) error {
	body, err := s.message(round)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	reply, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer reply.Body.Close()
	answer, err := io.ReadAll(reply.Body)
	if err != nil {
		return err
	}
	if reply.StatusCode != http.StatusOK {
		return fmt.Errorf("%d %s", reply.StatusCode, answer)
	}
	if want := `"accepted":` + strconv.Itoa(s.count) + `,"errors":[]`; !bytes.Contains(answer, []byte(want)) {
		return fmt.Errorf("%w: %.300s", errRefused, answer)
	}
	return nil
}

func (s *sender) message(round int) ([]byte, error) {
	var events []map[string]any
	for n := s.first; n < s.first+s.count; n++ {
		changed := s.start.Add(time.Duration(round) * time.Second).In(time.FixedZone("CST", 8*3600)).Format(time.DateTime)
		events = append(events, map[string]any{
			"seq": round*1_000_000 + n, "holderType": "居民身份证", "holderCode": numberOf(n), "holderName": "测试",
			"changeTime": changed, "data": map[string]string{"ZT": statusOf(round)},
		})
	}
	data, err := json.Marshal(map[string]any{"events": events})
	if err != nil {
		return nil, err
	}
	s.nonces++
	sent, nonce := time.Now().UnixMilli(), rand.Text()
	signature, err := s.key.Sign(rand.Reader, []byte("1\nsuishenban-push-1\n"+strconv.FormatInt(sent, 10)+"\n"+nonce+"\n"+string(data)))
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{
		"ver": "1", "kid": "suishenban-push-1", "ts": sent, "nonce": nonce, "data": string(data), "sig": base64.StdEncoding.EncodeToString(signature),
	})
}

// statusOf gives the letters of a round; two rounds in a row differ.
func statusOf(round int) string { return []string{"A", "H", "HI"}[round%3] }

// numberOf makes the ID number of somebody born in Shanghai who does not exist.
func numberOf(n int) string {
	return citizen.IdentityNumber("310101", time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n/900), 100+n%900)
}

// hook is what the inbox keeps of an event.
type hook struct {
	licence string
	told    told
}

func readEvent(r *http.Request) (hook, error) {
	var event struct {
		Data struct {
			Licence string `json:"licence"`
			Version uint64 `json:"version"`
			Fields  struct {
				Status []struct{ Code string }
			}
		} `json:"data"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&event); err != nil {
		return hook{}, err
	}
	letters := ""
	for _, letter := range event.Data.Fields.Status {
		letters += letter.Code
	}
	return hook{event.Data.Licence, told{event.Data.Version, letters}}, nil
}
