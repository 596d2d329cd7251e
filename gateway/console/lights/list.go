package lights

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

// perPage is how many adapters a page lists.
const perPage = 25

// choice is how the list is filtered and sorted, as the page's address says it. What it doesn't know selects nothing away.
type choice struct {
	Text, Colour, Role, Region, Sort string
	Page                             int // from 1
}

func chosen(query url.Values) choice {
	page, err := strconv.Atoi(query.Get("page"))
	if err != nil {
		page = 1
	}
	return choice{
		strings.TrimSpace(query.Get("q")), query.Get("colour"), query.Get("role"), query.Get("region"), cmp.Or(query.Get("sort"), "worst"), max(1, page),
	}
}

// path is the address of a page of the same choice.
func (c choice) path(page int) string {
	query := url.Values{}
	for name, value := range map[string]string{"q": c.Text, "colour": c.Colour, "role": c.Role, "region": c.Region, "sort": c.Sort} {
		if value != "" {
			query.Set(name, value)
		}
	}
	query.Set("page", strconv.Itoa(page))
	return "/adapters?" + query.Encode()
}

func (c choice) takes(a *watch.Adapter) bool {
	return (c.Colour == "" || string(a.Worst()) == c.Colour) && (c.Role == "" || slices.Contains(a.Roles, c.Role)) &&
		(c.Region == "" || a.Region == c.Region) && c.mentions(a)
}

// mentions looks for the text in what a person calls an adapter: its id, kind, or province in either language.
func (c choice) mentions(a *watch.Adapter) bool {
	name := console.RegionName(a.Region)
	text := strings.ToLower(strings.Join([]string{a.ID, a.Kind, name.Zh, name.En}, " "))
	return strings.Contains(text, strings.ToLower(c.Text))
}

// order gives the comparison of a sort; each ends with the id, so that pages don't shuffle.
func (c choice) order() func(a, b watch.Adapter) int {
	first := func(a, b watch.Adapter) int { return badness(b.Worst()) - badness(a.Worst()) }
	switch c.Sort {
	case "id":
		first = func(a, b watch.Adapter) int { return 0 }
	case "region":
		first = func(a, b watch.Adapter) int { return cmp.Compare(a.Region, b.Region) }
	case "lag":
		first = func(a, b watch.Adapter) int { return cmp.Compare(b.OldestUndelivered, a.OldestUndelivered) }
	case "success":
		first = func(a, b watch.Adapter) int { return cmp.Compare(share(a.FiveMinutes), share(b.FiveMinutes)) }
	case "latency":
		first = func(a, b watch.Adapter) int { return cmp.Compare(b.SourceLatency.P95, a.SourceLatency.P95) }
	}
	return func(a, b watch.Adapter) int { return cmp.Or(first(a, b), cmp.Compare(a.ID, b.ID)) }
}

// share is what part worked; what was not tried comes after everything that was.
func share(r watch.Rate) float64 {
	if r.Tried == 0 {
		return 2
	}
	return float64(r.Worked) / float64(r.Tried)
}

func (p pages) list(v *console.Visit) error {
	o := p.watcher.Overview()
	c := chosen(v.URL.Query())
	taken := slices.DeleteFunc(slices.Clone(o.Adapters), func(a watch.Adapter) bool { return !c.takes(&a) })
	slices.SortFunc(taken, c.order())
	last := max(1, (len(taken)+perPage-1)/perPage)
	c.Page = min(c.Page, last)
	from := (c.Page - 1) * perPage
	return v.Show("list", struct {
		Adapters       []watch.Adapter
		Choice         choice
		Regions        []string
		Total          int
		Previous, Next string
		Text           string
	}{
		taken[from:min(len(taken), from+perPage)], c, regions(&o), len(o.Adapters), c.pathIf(c.Page-1, last), c.pathIf(c.Page+1, last),
		fmt.Sprintf(v.Language.Pick("共 %d 个，第 %d / %d 页", "%d adapters, page %d of %d"), len(taken), c.Page, last),
	})
}

func (c choice) pathIf(page, last int) string {
	if page < 1 || page > last {
		return ""
	}
	return c.path(page)
}

func regions(o *watch.Overview) []string {
	var all []string
	for _, a := range o.Adapters {
		if a.Region != "" && !slices.Contains(all, a.Region) {
			all = append(all, a.Region)
		}
	}
	slices.Sort(all)
	return all
}

func (p pages) one(v *console.Visit) error {
	o := p.watcher.Overview()
	at := slices.IndexFunc(o.Adapters, func(a watch.Adapter) bool { return a.ID == v.PathValue("id") })
	if at < 0 {
		return &console.Fault{Status: http.StatusNotFound, Text: watch.Text{Zh: "没有这个适配器。", En: "There is no such adapter."}}
	}
	return v.Show("one", o.Adapters[at])
}
