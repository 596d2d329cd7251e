package delivery

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

const (
	perPage  = 50
	mostPage = 20 // beyond it, a narrower filter is of more use
	longLag  = 5 * time.Minute
)

// filter is a selection as a form writes it; moments are China's.
type filter struct{ Platform, Code, From, Until string }

// momentForm is that of an input of the kind datetime-local.
const momentForm = "2006-01-02T15:04"

func filtered(query url.Values) (filter, changefeed.Selection, error) {
	f := filter{query.Get("platform"), query.Get("code"), query.Get("from"), query.Get("until")}
	from, err := moment(f.From)
	if err != nil {
		return f, changefeed.Selection{}, err
	}
	until, err := moment(f.Until)
	return f, changefeed.Selection{Platform: f.Platform, Reason: exchange.Code(f.Code), From: from, Until: until}, err
}

func moment(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(momentForm, text, exchange.Shanghai())
	if err != nil {
		return t, &console.Fault{Status: http.StatusUnprocessableEntity, Text: watch.Text{
			Zh: "时间格式应为 2026-11-24T09:30（北京时间）。", En: "A time is written as 2026-11-24T09:30 (China Standard Time).",
		}}
	}
	return t.UTC(), nil
}

func (f filter) path(to string, page int) string {
	query := url.Values{}
	for name, value := range map[string]string{"platform": f.Platform, "code": f.Code, "from": f.From, "until": f.Until} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if page > 1 {
		query.Set("page", strconv.Itoa(page))
	}
	return to + "?" + query.Encode()
}

func (p *page) parked(v *console.Visit) error {
	f, selection, err := filtered(v.URL.Query())
	if err != nil {
		return err
	}
	at, err := strconv.Atoi(v.URL.Query().Get("page"))
	if err != nil {
		at = 1
	}
	at = min(max(1, at), mostPage)
	first, total, err := p.Desk.Parked(v.Context(), selection, at*perPage)
	if err != nil {
		return err
	}
	status, err := p.Desk.Status(v.Context())
	if err != nil {
		return err
	}
	begin := min((at-1)*perPage, len(first))
	list := parkedList{Filter: f, Parked: first[begin:], Total: total, Status: status}
	if at > 1 {
		list.Previous = f.path("/changes/parked", at-1)
	}
	if total > at*perPage && at < mostPage {
		list.Next = f.path("/changes/parked", at+1)
	}
	list.Text = fmt.Sprintf(v.Language.Pick("第 %d–%d 项，共 %d 项", "%d–%d of %d"), min(begin+1, total), min(begin+perPage, total), total)
	for _, one := range list.Parked {
		if !slices.Contains(list.Codes, one.Reason) {
			list.Codes = append(list.Codes, one.Reason)
		}
	}
	return v.Show("parked", list)
}

type parkedList struct {
	Filter         filter
	Parked         []changefeed.Parked
	Total          int
	Status         []changefeed.Status // for the list of platforms
	Codes          []exchange.Code     // of those shown
	Previous, Next string
	Text           string
}

// freeze makes a preview and shows it under an address of its own.
func (p *page) freeze(v *console.Visit) error {
	_, selection, err := filtered(v.URL.Query())
	if err != nil {
		return err
	}
	preview, err := p.Desk.Preview(v.Context(), selection)
	if err != nil {
		return err
	}
	return v.Go(p.seal.shown(v.Person.ID, preview.Token, preview.Count).path(), watch.Text{})
}

func (p *page) preview(v *console.Visit) error {
	was, ok := p.seal.read(v.Person.ID, v.URL.Query())
	if !ok {
		return errSeal()
	}
	now, err := p.Desk.Meant(v.Context(), was.Token)
	if err != nil {
		return err
	}
	return v.Show("preview", struct {
		Shown   shown
		Now     changefeed.Preview
		Gone    int
		Bulk    bool
		Expires time.Duration
	}{was, now, max(0, was.Count-now.Count), now.Count > bulk, expiry})
}

func errSeal() error {
	return &console.Fault{Status: http.StatusConflict, Text: watch.Text{
		Zh: "提交的范围与您看到的预览不一致，没有执行任何操作。请重新预览。",
		En: "What was sent is not the preview that you were shown, so nothing was done. Preview it again.",
	}}
}
