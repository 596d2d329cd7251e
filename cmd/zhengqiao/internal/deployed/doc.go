// Package deployed holds, in its tests, the files of deploy/ (compose, Kubernetes, systemd) to what the program takes and to what a gateway needs to
// run safely. It has no code of its own.
package deployed
