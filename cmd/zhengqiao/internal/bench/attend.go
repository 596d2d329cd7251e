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
// Between begin and end it writes a CPU profile, if it was given a file.
func attend(in io.Reader, out io.Writer, first hello, profile string) error {
	answers := json.NewEncoder(out)
	if err := answers.Encode(first); err != nil {
		return fmt.Errorf("say hello: %w", err)
	}
	meter := &meter{profile: profile}
	for words := bufio.NewScanner(in); words.Scan(); {
		used, err := meter.read(words.Text())
		if err != nil {
			return errors.Join(err, meter.close())
		}
		if err := answers.Encode(used); err != nil {
			return errors.Join(err, meter.close())
		}
	}
	return meter.close()
}

// meter reads the usage of its own process.
type meter struct {
	profile string
	file    *os.File // while a profile is being written
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
		now, err := allUsed()
		return now, errors.Join(err, m.close())
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
	if m.profile == "" {
		return nil
	}
	if m.file, err = os.Create(m.profile); err != nil {
		return err
	}
	m.profile = "" // the first measurement only; a second one would overwrite it
	return pprof.StartCPUProfile(m.file)
}

func (m *meter) close() error {
	if m.file == nil {
		return nil
	}
	pprof.StopCPUProfile()
	file := m.file
	m.file = nil
	return file.Close()
}
