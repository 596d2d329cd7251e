package bench

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
)

// hello is the first line that a child writes: where it can be reached.
type hello struct {
	URL        string `json:"url"`
	OpsURL     string `json:"opsUrl,omitempty"`     // of health; empty: ready at once
	ReplyBytes int    `json:"replyBytes,omitempty"` // of the source's reply, head included
}

// What the parent may ask of a child, one word a line. Each is answered by the usage at that moment.
const (
	wordBegin = "begin" // measuring begins
	wordEnd   = "end"   // and ends
)

// attend says hello and answers the parent's words until in ends, which is also how a child notices that its parent is gone.
// From the first begin on it writes a CPU profile, if it was given a file; what it does not do meanwhile takes no place in it.
func attend(in io.Reader, out io.Writer, first hello, profile string) error {
	answers := json.NewEncoder(out)
	if err := answers.Encode(first); err != nil {
		return fmt.Errorf("say hello: %w", err)
	}
	meter := &meter{profile: profile}
	return errors.Join(meter.answer(in, answers), meter.close())
}

// meter reads the usage of its own process.
type meter struct {
	profile string
	file    *os.File // while a profile is being written
}

func (m *meter) answer(in io.Reader, answers *json.Encoder) error {
	words := bufio.NewScanner(in)
	for words.Scan() {
		used, err := m.read(words.Text())
		if err != nil {
			return err
		}
		if err := answers.Encode(used); err != nil {
			return err
		}
	}
	return words.Err()
}

func (m *meter) read(word string) (usage, error) {
	switch word {
	case wordBegin:
		runtime.GC() // so that garbage from before is not paid for in what is measured
		if err := m.open(); err != nil {
			return usage{}, err
		}
		return allUsed()
	case wordEnd:
		return allUsed()
	}
	return usage{}, fmt.Errorf("unknown word %q", word)
}

// allUsed adds what the Go runtime knows to what the system does.
func allUsed() (usage, error) {
	samples := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/allocs:objects"}}
	metrics.Read(samples)
	now, err := used()
	now.AllocBytes, now.Allocs = int64(samples[0].Value.Uint64()), int64(samples[1].Value.Uint64())
	return now, err
}

func (m *meter) open() (err error) {
	if m.profile == "" || m.file != nil {
		return nil
	}
	if m.file, err = os.Create(m.profile); err != nil {
		return err
	}
	return pprof.StartCPUProfile(m.file)
}

func (m *meter) close() error {
	if m.file == nil {
		return nil
	}
	pprof.StopCPUProfile()
	return m.file.Close()
}
