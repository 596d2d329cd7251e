package delivery

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
)

// bigDesk holds any number of parked deliveries, and notes what was ordered. The real one is walked in browsertest.
type bigDesk struct {
	mu     sync.Mutex
	meant  int
	orders []repair.Order
	fail   error
	runs   *repair.Job // somebody else's on the same, that a second order is answered with
}

func (d *bigDesk) Status(context.Context) ([]changefeed.Status, error) {
	return []changefeed.Status{{Platform: "wechat", Parked: d.meant}}, nil
}

func (d *bigDesk) Parked(context.Context, changefeed.Selection, int) ([]changefeed.Parked, int, error) {
	return nil, d.meant, nil
}

func (d *bigDesk) Report(string) *reconcile.Report { return nil }

func (d *bigDesk) Preview(context.Context, changefeed.Selection) (changefeed.Preview, error) {
	return changefeed.Preview{Token: "t", Count: d.meant}, nil
}

func (d *bigDesk) Meant(context.Context, string) (changefeed.Preview, error) {
	return changefeed.Preview{
		Token: "t", Count: d.meant, Selection: changefeed.Selection{Reason: "no-record"}, First: []changefeed.Parked{{Platform: "wechat", Licence: "first-of-them"}},
	}, nil
}

func (d *bigDesk) order(o repair.Order) (repair.Job, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail != nil {
		return repair.Job{}, d.fail
	}
	if d.runs != nil {
		return *d.runs, nil
	}
	d.orders = append(d.orders, o)
	return repair.Job{ID: o.ID}, nil
}

func (d *bigDesk) Replay(_ context.Context, o repair.Order, _ string, _ float64) (repair.Job, error) {
	return d.order(o)
}

func (d *bigDesk) Skip(_ context.Context, o repair.Order, _ string) (repair.Job, error) {
	return d.order(o)
}

func (d *bigDesk) Compare(_ context.Context, o repair.Order, _ string) (repair.Job, error) {
	return d.order(o)
}

func (d *bigDesk) Repair(_ context.Context, o repair.Order, _ string, _ float64) (repair.Job, error) {
	return d.order(o)
}

// Stop answers as the real one does: a job that has ended stays as it is.
func (d *bigDesk) Stop(context.Context, repair.Order, string) (repair.Job, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return *d.runs, nil
}

func (d *bigDesk) run(job *repair.Job) { d.mu.Lock(); defer d.mu.Unlock(); d.runs = job }

func (d *bigDesk) Switch(_ context.Context, o repair.Order, _ string, _ bool) error {
	_, err := d.order(o)
	return err
}

func (d *bigDesk) Jobs() []repair.Job { return nil }

func (d *bigDesk) Job(string) (repair.Job, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.runs != nil {
		return *d.runs, nil
	}
	return repair.Job{}, &exchange.Error{Code: exchange.NotFound}
}

// rig is a console with this page alone; who visits is what the header says.
type rig struct {
	*console.Console
	page    *page
	desk    *bigDesk
	mu      sync.Mutex
	records []exchange.Record
	full    bool
	now     time.Time
}

func (r *rig) Record(_ context.Context, record *exchange.Record) (exchange.Receipt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.full {
		return exchange.Receipt{}, errors.New("disk full")
	}
	r.records = append(r.records, *record)
	return exchange.Receipt{}, nil
}

func (r *rig) clock() time.Time { r.mu.Lock(); defer r.mu.Unlock(); return r.now }

type byHeader struct{}

func (byHeader) Person(r *http.Request) (console.Person, error) {
	return console.Person{ID: r.Header.Get("Person")}, nil
}

type everybody struct{}

func (everybody) May(context.Context, []string, string) error { return nil }

func newRig(t *testing.T, meant int) *rig {
	t.Helper()
	r := &rig{desk: &bigDesk{meant: meant}, now: time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)}
	key, err := newSeal(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r.page = &page{Config{Desk: r.desk, Recorder: r, Clock: r.clock, Random: rand.Reader}, key, &proposals{clock: r.clock}}
	page, err := r.page.page()
	if err != nil {
		t.Fatal(err)
	}
	r.Console, err = console.New(console.Config{
		Pages: []console.Page{page}, Access: byHeader{}, Authority: everybody{}, Way: "test", Clock: r.clock, Random: rand.Reader, Logger: slog.New(slog.DiscardHandler),
		Idle: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// person is a browser of one.
type person struct {
	t      *testing.T
	rig    *rig
	name   string
	cookie *http.Cookie
}

func (p *person) send(method, path string, form url.Values) (status int, to, text string) {
	p.t.Helper()
	request := httptest.NewRequestWithContext(p.t.Context(), method, path, strings.NewReader(form.Encode()))
	request.Header.Set("Person", p.name)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if p.cookie != nil {
		request.AddCookie(p.cookie)
	}
	w := httptest.NewRecorder()
	p.rig.ServeHTTP(w, request)
	for _, cookie := range w.Result().Cookies() {
		p.cookie = cookie
	}
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return w.Code, w.Header().Get("Location"), string(body)
}

var field = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// form loads a page and gives the hidden fields of its first form, with a reason.
func (p *person) form(path, reason string) url.Values {
	p.t.Helper()
	_, to, text := p.send("GET", path, nil)
	if to != "" {
		_, _, text = p.send("GET", to, nil)
	}
	_, text, _ = strings.Cut(text, "<main")
	values := url.Values{"reason": {reason}}
	for _, found := range field.FindAllStringSubmatch(text, -1) {
		values.Set(found[1], found[2])
	}
	return values
}
