package grafana

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Languages are those that dashboards are made in.
func Languages() []string { return []string{"zh", "en"} }

// Dashboard gives the dashboard in a language as Grafana's JSON model, schema version 39 (Grafana 10.4 and later). The data source is
// chosen on the page.
func Dashboard(language string) ([]byte, error) {
	model := map[string]any{
		"uid": "zhengqiao-" + language, "title": Text{"政桥", "Zhengqiao"}.In(language), "tags": []string{"zhengqiao"},
		"schemaVersion": 39, "version": 1, "editable": false, "refresh": "15s", "timezone": "Asia/Shanghai",
		"time":       map[string]any{"from": "now-3h", "to": "now"},
		"templating": map[string]any{"list": variables(language)},
		"panels":     panels(language),
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(model); err != nil {
		return nil, fmt.Errorf("encode the dashboard: %w", err)
	}
	return text.Bytes(), nil
}

// Variable queries fill the choices of the page.
const (
	instances = `label_values(zhengqiao_build_info, instance)`
	platforms = `label_values(zhengqiao_requests_total, platform)`
)

func source() map[string]any { return map[string]any{"type": "prometheus", "uid": "${source}"} }

func variables(language string) []any {
	choice := func(name, query string, label Text) map[string]any {
		return map[string]any{
			"name": name, "label": label.In(language), "type": "query", "datasource": source(), "query": query, "refresh": 2,
			"multi": true, "includeAll": true, "allValue": ".*", "current": map[string]any{"text": "All", "value": "$__all"},
		}
	}
	return []any{
		map[string]any{"name": "source", "label": Text{"数据源", "Data source"}.In(language), "type": "datasource", "query": "prometheus"},
		choice("instance", instances, Text{"节点", "Node"}), choice("platform", platforms, Text{"平台", "Platform"}),
	}
}

// The grid has 24 columns; four panels stand in a line.
const (
	columns, panelWidth, panelHeight = 24, 6, 8
)

func panels(language string) []any {
	var all []any
	y := 0
	add := func(panel map[string]any, x, width, height int) {
		panel["id"] = len(all) + 1
		panel["gridPos"] = map[string]int{"x": x, "y": y, "w": width, "h": height}
		all = append(all, panel)
	}
	for _, row := range Rows() {
		add(map[string]any{"type": "row", "title": row.Title.In(language), "collapsed": false, "panels": []any{}}, 0, columns, 1)
		y++
		for i := range row.Panels {
			if i > 0 && i%(columns/panelWidth) == 0 {
				y += panelHeight
			}
			add(row.Panels[i].model(language), i%(columns/panelWidth)*panelWidth, panelWidth, panelHeight)
		}
		y += panelHeight
	}
	return all
}

func (p *Panel) model(language string) map[string]any {
	kind := "timeseries"
	if p.Table {
		kind = "bargauge"
	}
	var targets []any
	for i, series := range p.Series {
		targets = append(targets, map[string]any{
			"refId": string(rune('A' + i)), "datasource": source(), "expr": series.Query, "legendFormat": series.Legend,
			"instant": p.Table, "exemplar": !p.Table,
		})
	}
	return map[string]any{
		"type": kind, "title": p.Title.In(language), "datasource": source(), "targets": targets,
		"fieldConfig": map[string]any{"defaults": map[string]any{"unit": p.Unit, "min": 0}, "overrides": []any{}},
	}
}
