package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/suishenban"
)

// toldPlatforms are the stand-ins that hear of what 随申办 announces.
func toldPlatforms() []string { return []string{"wechat", "zheliban", "suihaoban"} }

// replacing is whose licence the tour replaces.
const replacing = "replaced-shanghai"

// patience bounds the wait for a change to arrive; the platforms hear within a tenth of a second.
const patience = 20 * time.Second

// changeSteps follow a change from one platform to the others.
func (t *tour) changeSteps() []step {
	return []step{
		{"随申办补换证：其他平台随即得知，各见其可见", "a licence is replaced in 随申办: the others hear of it, each what it may see", t.replaced},
		{"一个平台中断后恢复：只有它自己等待，恢复后补上", "a platform is down and back: it alone waits, and catches up by itself", t.downAndBack},
	}
}

func (t *tour) replaced(ctx context.Context) (string, error) {
	pushed, err := t.announce(ctx, func(l *citizen.Licence) {
		l.Replaced++
		l.CardNumber, l.Issued, l.Status = nextCard(l.CardNumber), time.Now(), "A"
	})
	if err != nil {
		return "", err
	}
	var delays []string
	for _, platform := range toldPlatforms() {
		told, err := t.await(ctx, platform, pushed)
		if err != nil {
			return "", err
		}
		held, _ := t.standIns.Platform(platform).Told(t.personas[replacing].IDNumber)
		if held.Fields["zt"] != "A" && held.Fields["status"] != "A" || held.Fields["zxbh"] != "" {
			return "", fmt.Errorf("%s was told %v", platform, held.Fields)
		}
		delays = append(delays, fmt.Sprintf("%s after %d ms, %d fields", platform, told.Sub(pushed).Milliseconds(), len(held.Fields)))
	}
	return strings.Join(delays, "; ") + "; the card number to none of them", nil
}

// nextCard gives the number of a new card.
func nextCard(card string) string {
	return card[:len(card)-1] + string('0'+(card[len(card)-1]-'0'+1)%10)
}

func (t *tour) downAndBack(ctx context.Context) (string, error) {
	faults := t.standIns.Platform("zheliban").Faults()
	if err := faults.Set(fault.Fault{Kind: fault.ServerError}); err != nil {
		return "", err
	}
	defer faults.Clear()
	pushed, err := t.announce(ctx, func(l *citizen.Licence) { l.Status = "H" })
	if err != nil {
		return "", err
	}
	for _, platform := range []string{"wechat", "suihaoban"} {
		if _, err := t.await(ctx, platform, pushed); err != nil {
			return "", err
		}
	}
	if held, _ := t.standIns.Platform("zheliban").Told(t.personas[replacing].IDNumber); held.Learned.After(pushed) {
		return "", errors.New("zheliban was told while it was down")
	}
	faults.Clear()
	back := time.Now()
	told, err := t.await(ctx, "zheliban", pushed)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("the others did not wait; zheliban was told %d ms after it was back", told.Sub(back).Milliseconds()), nil
}

// announce changes the licence at 随申办, which pushes it in its own format, and says when.
func (t *tour) announce(ctx context.Context, change func(*citizen.Licence)) (time.Time, error) {
	id := t.personas[replacing].IDNumber
	t.citizens.Update(id, func(c *citizen.Citizen) {
		change(&c.Licence)
		c.Licence.Updated = laterSecond(c.Licence.Updated)
	})
	person, _ := t.citizens.Find(id)
	pushed := time.Now()
	status, answer, err := t.pusher.Push(ctx, person)
	if err == nil && (status != http.StatusOK || !strings.Contains(string(answer), `"accepted":1,"errors":[]`)) {
		err = fmt.Errorf("the push was answered by %d %.200s", status, answer)
	}
	return pushed, err
}

// laterSecond gives a moment after an earlier change: gxsj has whole seconds.
func laterSecond(earlier time.Time) time.Time {
	now := time.Now().Truncate(time.Second)
	if now.After(earlier) {
		return now
	}
	return earlier.Add(time.Second)
}

// newPusher gives 随申办's side of its pushes.
func (t *tour) newPusher(place folder) error {
	key, err := place.private("suishenban-push")
	if err != nil {
		return err
	}
	t.pusher = &suishenban.Pusher{
		URL: t.gateway.URL() + "/push/suishenban", KeyID: "suishenban-push-1", Clock: time.Now, Client: http.DefaultClient,
		Sent: uint64(time.Now().UnixMilli()), // above all that earlier runs in this folder have sent

		Sign: func(message []byte) ([]byte, error) { return key.Sign(t.random, message) },
	}
	return nil
}

// await waits until a stand-in was told of a change after the moment, and gives when.
func (t *tour) await(ctx context.Context, platform string, after time.Time) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for {
		if held, known := t.standIns.Platform(platform).Told(t.personas[replacing].IDNumber); known && held.Learned.After(after) {
			return held.Learned, nil
		}
		select {
		case <-ctx.Done():
			return time.Time{}, fmt.Errorf("%s was told of nothing in %s", platform, patience)
		case <-ticker.C:
		}
	}
}
