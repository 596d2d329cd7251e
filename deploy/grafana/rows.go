package grafana

// quantile is one of a histogram, by a label.
func quantile(q, histogram, by string) string {
	return "histogram_quantile(" + q + ", sum by (le, " + by + ") (rate(" + histogram + `_bucket{instance=~"$instance"}[5m])))`
}

// Rows is everything that is shown, the most urgent first.
func Rows() []Row {
	return []Row{now(), callers(), sources(), changes(), nodes()}
}

func now() Row {
	return Row{Text{"现在", "Now"}, []Panel{
		table("适配器指示灯：0 未观察 1 正常 2 注意 3 故障", "Lights of adapters: 0 not observed, 1 well, 2 look, 3 at fault", "none",
			of(`max by (adapter, light) (zhengqiao_light{instance=~"$instance"})`, "{{adapter}} {{light}}")),
		table("30 天差错预算余额", "Error budget of 30 days that is left", "percentunit",
			of(`min by (adapter) (zhengqiao_error_budget_left{instance=~"$instance"})`, "{{adapter}}")),
		table("证书与密钥剩余时间", "Time left of certificates and keys", "s",
			rare(`min by (adapter, what) (zhengqiao_certificate_expiry_timestamp_seconds{instance=~"$instance"}) - time()`, "{{adapter}} {{what}}")),
		lines("合成查询", "Canary questions", "ops",
			rare(`sum by (source, outcome) (rate(zhengqiao_canary_questions_total{instance=~"$instance"}[5m]))`, "{{source}} {{outcome}}")),
	}}
}

func callers() Row {
	return Row{Text{"请求", "Requests"}, []Panel{
		lines("各平台请求量", "Requests by platform", "reqps",
			of(`sum by (platform) (rate(zhengqiao_requests_total{instance=~"$instance",platform=~"$platform"}[5m]))`, "{{platform}}")),
		lines("各结果请求量", "Requests by outcome", "reqps",
			of(`sum by (outcome) (rate(zhengqiao_requests_total{instance=~"$instance",platform=~"$platform"}[5m]))`, "{{outcome}}")),
		lines("耗时", "Duration", "s",
			of(quantile("0.5", "zhengqiao_request_duration_seconds", "operation"), "p50 {{operation}}"),
			of(quantile("0.99", "zhengqiao_request_duration_seconds", "operation"), "p99 {{operation}}")),
		lines("处理中", "In flight", "none", of(`zhengqiao_requests_in_flight{instance=~"$instance"}`, "{{instance}}")),
	}}
}

func sources() Row {
	return Row{Text{"数据源", "Sources"}, []Panel{
		lines("查询结果", "Questions by outcome", "reqps",
			of(`sum by (source, outcome) (rate(zhengqiao_source_attempts_total{instance=~"$instance"}[5m]))`, "{{source}} {{outcome}}")),
		lines("数据源耗时 p95", "Time of a source, p95", "s", of(quantile("0.95", "zhengqiao_source_duration_seconds", "source"), "{{source}}")),
		lines("外呼结果", "Calls by outcome", "reqps",
			of(`sum by (destination, outcome) (rate(zhengqiao_outbound_calls_total{instance=~"$instance"}[5m]))`, "{{destination}} {{outcome}}")),
		lines("外呼耗时 p95", "Time of a call, p95", "s", of(quantile("0.95", "zhengqiao_outbound_duration_seconds", "destination"), "{{destination}}")),
	}}
}

func changes() Row {
	return Row{Text{"变更", "Changes"}, []Panel{
		lines("收到的报告", "Reports taken in", "ops",
			of(`sum by (outcome) (rate(zhengqiao_changes_reports_total{instance=~"$instance"}[5m]))`, "{{outcome}}")),
		lines("投递结果", "Deliveries by outcome", "ops",
			of(`sum by (platform, outcome) (rate(zhengqiao_changes_deliveries_total{instance=~"$instance"}[5m]))`, "{{platform}} {{outcome}}")),
		lines("滞后", "Lag", "s", of(`max by (platform) (zhengqiao_changes_lag_seconds{instance=~"$instance"})`, "{{platform}}")),
		lines("待投与搁置", "Waiting and parked", "none",
			of(`max by (platform) (zhengqiao_changes_pending{instance=~"$instance"})`, "{{platform}} 待投 pending"),
			of(`max by (platform) (zhengqiao_changes_parked{instance=~"$instance"})`, "{{platform}} 搁置 parked")),
		lines("投递已关闭", "Switched off", "none", of(`max by (platform) (zhengqiao_changes_endpoint_off{instance=~"$instance"})`, "{{platform}}")),
		lines("核对不一致", "Divergence", "none", rare(`sum by (platform, kind) (zhengqiao_changes_divergence{instance=~"$instance"})`, "{{platform}} {{kind}}")),
		lines("轮询滞后", "Lag of polls", "s", rare(`max by (source, mode) (zhengqiao_poll_lag_seconds{instance=~"$instance"})`, "{{source}} {{mode}}")),
	}}
}

func nodes() Row {
	return Row{Text{"节点", "Nodes"}, []Panel{
		table("在线", "Up", "none", of(`up{job="zhengqiao",instance=~"$instance"}`, "{{instance}}")),
		table("策略版本", "Revision of the policies", "none", of(`zhengqiao_policy_revision_info{instance=~"$instance"}`, "{{instance}} {{revision}}")),
		table("程序版本", "Build", "none", of(`zhengqiao_build_info{instance=~"$instance"}`, "{{instance}} {{version}} {{commit}}")),
		lines("未能留痕", "Records not durable", "ops", of(`rate(zhengqiao_record_failures_total{instance=~"$instance"}[5m])`, "{{instance}}")),
		lines("日志磁盘", "Journal on disk", "percentunit",
			of(`zhengqiao_journal_used_bytes{instance=~"$instance"} / zhengqiao_journal_limit_bytes{instance=~"$instance"}`, "{{instance}}")),
		lines("处理器", "Processor", "percentunit", of(`rate(process_cpu_seconds_total{job="zhengqiao",instance=~"$instance"}[5m])`, "{{instance}}")),
		lines("内存", "Memory", "bytes", of(`process_resident_memory_bytes{job="zhengqiao",instance=~"$instance"}`, "{{instance}}")),
		lines("协程", "Goroutines", "none", of(`go_goroutines{job="zhengqiao",instance=~"$instance"}`, "{{instance}}")),
	}}
}
