package console_test

import (
	"fmt"
	"testing"
	"time"
)

// A session ends when nobody clicks; what its page asks by itself is no click.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	b := r.browser(t, "li")
	token := b.token()
	for range 3 {
		r.pass(8 * time.Minute)
		if b.token() != token {
			t.Fatal("it ended while it was used")
		}
	}
	b.header["X-Zhengqiao-Live"] = "1"
	r.pass(8 * time.Minute)
	if got := b.send("GET", "/", nil).StatusCode; got != 200 {
		t.Fatalf("a live look: %d", got)
	}
	r.pass(3 * time.Minute)
	if got := b.send("GET", "/", nil); got.StatusCode != 401 || len(got.Cookies()) != 0 {
		t.Errorf("a live look after the end: %d", got.StatusCode)
	}
	delete(b.header, "X-Zhengqiao-Live")
	if b.token() == token {
		t.Error("it was renewed by its own page")
	}
}

func TestSessionsAreOfOnePerson(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	b := r.browser(t, "li")
	token := b.token()
	b.person = "wang"
	if b.token() == token {
		t.Error("wang has li's session")
	}
}

// Whoever opens many sessions ends his own, nobody else's.
func TestSessionsAreBounded(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	li, wang := r.browser(t, "li"), r.browser(t, "wang")
	own, others := li.token(), wang.token()
	for range 40 {
		r.pass(time.Second)
		r.browser(t, "li").token()
	}
	if li.token() == own || wang.token() != others {
		t.Error("the wrong one was dropped")
	}
	r.pass(time.Second)
	for i := range 600 {
		r.browser(t, fmt.Sprintf("p%d", i)).token()
	}
	if wang.token() == others {
		t.Error("sessions have no bound")
	}
}

func TestLongestSession(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	b := r.browser(t, "li")
	token := b.token()
	for range 80 {
		r.pass(8 * time.Minute)
		b.send("GET", "/", nil)
	}
	if b.token() == token {
		t.Error("it goes on for ever")
	}
}
