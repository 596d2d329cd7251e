package grafana

// Text is a title in both languages.
type Text struct{ ZH, EN string }

// In gives the text in a language, zh or en.
func (t Text) In(language string) string {
	if language == "zh" {
		return t.ZH
	}
	return t.EN
}

// Panel is one picture.
type Panel struct {
	Title  Text
	Unit   string // Grafana's name of it, such as s, reqps, percentunit
	Table  bool   // the newest values as a table, not lines over time
	Series []Series
}

// Series is one query of a panel.
type Series struct {
	Query  string // PromQL; $instance and $platform are the dashboard's choices
	Legend string // by labels, such as {{platform}}
	// Rare says that a healthy gateway has nothing to show here.
	Rare bool
}

// Row is a line of panels under a title.
type Row struct {
	Title  Text
	Panels []Panel
}

func lines(zh, en, unit string, series ...Series) Panel {
	return Panel{Title: Text{zh, en}, Unit: unit, Series: series}
}

func table(zh, en, unit string, series ...Series) Panel {
	return Panel{Title: Text{zh, en}, Unit: unit, Table: true, Series: series}
}

func of(query, legend string) Series { return Series{Query: query, Legend: legend} }

func rare(query, legend string) Series { return Series{Query: query, Legend: legend, Rare: true} }
