// Package archtest keeps the rooms apart: its test reads every package's imports and fails when an arrow points the wrong way or
// a second room touches an outside world that one room alone may know. It has no code but that test.
package archtest
