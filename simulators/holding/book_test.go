package holding

import (
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"
)

func told(version uint64, status string) Copy {
	return Copy{Licence: "a", IDNumber: "11010519491231002X", Version: version, Fields: map[string]string{"zt": status}}
}

func TestVersionsNeverGoBack(t *testing.T) {
	t.Parallel()
	var book Book
	for i, step := range []struct {
		told     Copy
		version  uint64
		status   string
		writings int
	}{
		{told(3, "A"), 3, "A", 1},
		{told(3, "A"), 3, "A", 1},   // again
		{told(2, "B"), 3, "A", 1},   // older
		{told(3, "AH"), 3, "AH", 2}, // the same, shown otherwise
		{told(9, "B"), 9, "B", 3},
	} {
		version := book.Take(step.told)
		held, known := book.Find("11010519491231002X")
		if !known || version != step.version || held.Version != step.version || held.Fields["zt"] != step.status || held.Writings != step.writings {
			t.Errorf("step %d: %d, %+v", i, version, held)
		}
	}
	if _, known := book.Find("nobody"); known {
		t.Error("found nobody")
	}
}

func TestManyTellersAtOnce(t *testing.T) {
	t.Parallel()
	var book Book
	var group sync.WaitGroup
	for version := range uint64(64) {
		group.Go(func() { book.Take(told(version+1, "A")) })
	}
	group.Wait()
	if held, _ := book.Find("11010519491231002X"); held.Version != 64 {
		t.Errorf("version %d", held.Version)
	}
}

func TestListPagesAndDigests(t *testing.T) {
	t.Parallel()
	var book Book
	for number := range 5 {
		book.Take(Copy{Licence: fmt.Sprint(number), IDNumber: fmt.Sprint("id", number), Version: 1, Fields: map[string]string{"zt": "A", "ljjf": "3"}})
	}
	first, rest := book.List("", 3), book.List("2", 3)
	if len(first) != 3 || first[2].Licence != "2" || len(rest) != 2 || rest[0].Licence != "3" || len(book.List("4", 3)) != 0 {
		t.Errorf("first %v, rest %v", first, rest)
	}
	// printf 'ljjf=3\nzt=A\n' | sha256sum
	if first[0].Digest != "24fc997b1f740decad1a3e7e749b098193bfbd818ad7fd7d61c26e6a79d54e22" {
		t.Errorf("digest %s", first[0].Digest)
	}
	if !book.Alter("0", "zt", "B") || book.List("", 1)[0].Digest == first[0].Digest || book.Alter("none", "zt", "B") {
		t.Error("an altered copy has the digest that it had")
	}
	if held, _ := book.Find("id0"); held.Version != 1 || held.Fields["zt"] != "B" {
		t.Errorf("altered to %+v", held)
	}
}

func TestFindGivesACopy(t *testing.T) {
	t.Parallel()
	var book Book
	given := told(1, "A")
	book.Take(given)
	given.Fields["zt"] = "B"
	held, _ := book.Find(given.IDNumber)
	maps.DeleteFunc(held.Fields, func(string, string) bool { return true })
	if again, _ := book.Find(given.IDNumber); again.Fields["zt"] != "A" {
		t.Errorf("changed from outside to %v", again.Fields)
	}
}

const good = `{"jszbs":"a","bbh":7,"sfzmhm":"1","bgsj":"2026-11-24 09:00:00","bgsx":[{"lx":"status.added","zt":"D"}],"sj":{"zt":"D","zxbh":"3**1"},"tmzd":["zxbh"]}`

func TestRead(t *testing.T) {
	t.Parallel()
	now := time.Unix(1, 0)
	held, err := Read([]byte(good), now)
	if err != nil || held.Licence != "a" || held.Version != 7 || held.IDNumber != "1" || held.Fields["zt"] != "D" || !held.Learned.Equal(now) ||
		len(held.Events) != 1 || held.Events[0] != (Event{"status.added", "D"}) || held.Masked[0] != "zxbh" {
		t.Errorf("read %+v, error %v", held, err)
	}
	if _, err := Read([]byte(`{"jszbs":"a","bbh":7,"sfzmhm":"1","bgsx":[],"sj":{"zt":"D"},"tmzd":[]}`), now); err != nil {
		t.Errorf("without events: %v", err)
	}
	for name, change := range map[string][2]string{
		"a name":              {`"bbh":7`, `"bbh":7,"xm":"x"`},
		"a name as column":    {`"zt":"D","zxbh"`, `"xm":"x","zxbh"`},
		"no licence":          {`"jszbs":"a"`, `"jszbs":""`},
		"version 0":           {`"bbh":7`, `"bbh":0`},
		"nobody":              {`"sfzmhm":"1"`, `"sfzmhm":""`},
		"no data":             {`{"zt":"D","zxbh":"3**1"}`, `{}`},
		"masked in the clear": {`3**1`, `3101`},
		"a time of no events": {`[{"lx":"status.added","zt":"D"}]`, `[]`},
		"events of no time":   {`2026-11-24 09:00:00`, ``},
		"time in ISO form":    {`2026-11-24 09:00:00`, `2026-11-24T09:00:00Z`},
		"more after it":       {`["zxbh"]}`, `["zxbh"]}{}`},
		"no JSON":             {`{"jszbs"`, `"jszbs"`},
	} {
		if _, err := Read([]byte(strings.Replace(good, change[0], change[1], 1)), now); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	var book Book
	book.Take(told(3, "A"))
	rows, err := book.Page([]byte(`{"jszbs":"","ts":10}`))
	if err != nil || len(rows) != 1 || rows[0].Licence != "a" || rows[0].Version != 3 || len(rows[0].Digest) != 64 {
		t.Errorf("rows %v, error %v", rows, err)
	}
	for _, body := range []string{``, `{"ts":0}`, `{"ts":1001}`, `{"ts":1,"id":"1"}`} {
		if _, err := book.Page([]byte(body)); err == nil {
			t.Errorf("%s: no error", body)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(`{"jszbs":"a","bbh":1,"sfzmhm":"1","bgsx":null,"sj":{"zt":""},"tmzd":["zt"]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if held, err := Read(body, time.Time{}); err == nil && !held.complete() {
			t.Fatalf("read %+v", held)
		}
	})
}
