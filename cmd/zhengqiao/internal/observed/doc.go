// Package observed holds, in its tests, what operators are given to watch a gateway by against a gateway that runs: its traces, every metric of
// docs/metrics.md, the rules of deploy/prometheus and the queries of deploy/grafana, evaluated by a real Prometheus. It has no code of its
// own.
package observed
