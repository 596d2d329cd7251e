// Package grafana makes the dashboards of deploy/grafana/dashboards: one picture of the gateway for operators, in Chinese and in English,
// from one table of panels. It knows nothing of the gateway but the names of its metrics, which a test holds to what a running gateway
// shows. It stops at files: how Grafana takes them in is the operator's.
package grafana

//go:generate go run ./generate dashboards
