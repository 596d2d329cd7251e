// Package watch tells operators how each adapter is: four lights that rest on real traffic and on probes, the figures behind them, and
// the flows between platforms. It observes and concludes; what it says is shown by gateway/console, the operators' interface and the
// metrics, and nothing in it calls a platform by itself or decides about a query.
package watch
