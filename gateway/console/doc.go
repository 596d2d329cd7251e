// Package console is what operators, policy authors and inspectors see of a gateway in a browser: a frame of access, sessions, languages
// and layout, into which pages are put. Everything is drawn by the server and works without a script; a script of a few lines only keeps
// it fresh. Nothing that a page shows or loads comes from another machine.
//
// The frame knows no page. Each one is a [Page] of a package below: its id, titles, templates and routes, each with the action that a
// visitor's roles must allow. What an action does, and its durable record, is the matter of the page and of the services behind it.
package console
