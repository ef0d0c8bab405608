// Package demo is a small site on loopback with the web's usual troubles: slow
// pages, errors, redirects and loops, old charsets, a host that asks for
// patience. It knows how each of its URLs is to end, so that a run over them is
// a test of the whole command, offline.
//
// It is not a load target: it has some 200 pages.
//
// Smallest use:
//
//	site, err := demo.Serve()
//	defer site.Close()
//	… crawl site.List(), show every record to site.Check …
//	for _, wrong := range site.Wrong() { … }
//
// List and Len may be called from any goroutine; Check by one at a time, and
// Wrong after the last Check.
package demo
