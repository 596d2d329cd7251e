package trail

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

// errEnough ends a scan that has all it wants.
var errEnough = errors.New("enough")

func enough(err error) error {
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// Archive opens logs of records.
type Archive interface {
	// Logs names them; the first one is this node's.
	Logs(context.Context) ([]string, error)
	// Open opens one as it stands now.
	Open(ctx context.Context, log string) (Trail, error)
}

// Config is what the page works with. All members are required.
type Config struct {
	Archive   Archive
	Recorder  exchange.Recorder // of searches for a person
	Platforms func() []string   // to choose from
	Clock     func() time.Time
}

//go:embed templates
var files embed.FS

type page struct{ Config }

const (
	see  = "records.see"
	seek = "records.search"
)

// Page makes the page.
func Page(c Config) (console.Page, error) {
	templates, err := fs.Sub(files, "templates")
	p := page{c}
	return console.Page{ID: "records", Title: watch.Text{Zh: "记录", En: "Records"}, See: see, Templates: templates, Routes: []console.Route{
		{Pattern: "GET /records", May: see, Serve: p.list},
		{Pattern: "POST /records/person", May: seek, Serve: p.person},
		{Pattern: "GET /records/{log}/{index}", May: see, Serve: p.one},
	}}, err
}

func (p page) list(v *console.Visit) error {
	a, q, err := read(v.URL.Query())
	if err != nil {
		return err
	}
	if a.Subject != "" {
		return wrong("按人员假名检索须填写理由。", "A search for a person needs a reason.")
	}
	before, err := strconv.ParseUint(v.URL.Query().Get("before"), 10, 64)
	if err != nil {
		before = math.MaxUint64
	}
	return p.show(v, a, q, before)
}

func (p page) show(v *console.Visit, a asked, q query, before uint64) error {
	logs, err := p.Archive.Logs(v.Context())
	if err != nil {
		return err
	}
	if a.Log == "" && len(logs) > 0 {
		a.Log = logs[0]
	}
	t, err := p.open(v, logs, a.Log)
	if err != nil {
		return err
	}
	o, err := search(v.Context(), t, q, before)
	if err != nil {
		return err
	}
	return v.Show("records", struct {
		Asked     asked
		Logs      []string
		Platforms []string
		Outcome   outcome
		Older     string
		Person    bool
	}{a, logs, p.Platforms(), o, a.older(&o), a.Subject != ""})
}

func (p page) open(v *console.Visit, logs []string, log string) (Trail, error) {
	if !slices.Contains(logs, log) {
		return nil, wrong("没有这个日志。", "There is no such log.")
	}
	return p.Archive.Open(v.Context(), log)
}

func (p page) one(v *console.Visit) error {
	logs, err := p.Archive.Logs(v.Context())
	if err != nil {
		return err
	}
	t, err := p.open(v, logs, v.PathValue("log"))
	if err != nil {
		return err
	}
	index, err := strconv.ParseUint(v.PathValue("index"), 10, 64)
	if err != nil || index >= t.Head() {
		return &console.Fault{Status: http.StatusNotFound, Text: watch.Text{Zh: "没有这条记录。", En: "There is no such record."}}
	}
	var entry evidence.Entry
	err = t.Scan(v.Context(), index, func(_ uint64, e *evidence.Entry) error {
		entry = *e
		return errEnough
	})
	if enough(err) != nil {
		return err
	}
	return v.Show("record", struct {
		Log   string
		Index uint64
		evidence.Entry
	}{v.PathValue("log"), index, entry})
}
