package frontier

import (
	"net/http"
	"time"

	"crawl/weburl"
)

// ItemID names an item within its frontier.
type ItemID uint64

// Item is one URL to fetch, with all that its record will need. It is a plain
// value: ten million lines are never ten million tasks.
type Item struct {
	ID    ItemID
	Index int64 // 0-based over the entries of all inputs; -1 for a discovered link
	Line  int64 // 1-based in its file; 0 where there is no file

	URL     weburl.URL // as recorded; zero on an invalid line
	Input   string     // the URL as typed, userinfo replaced
	Invalid error      // why the line is no URL; only on a NoFetch item
	// DuplicateOf is the index of the first line with the same request, on a
	// NoFetch item without Invalid.
	DuplicateOf int64

	// Key is the hash of the line's identity, where a journal is kept.
	Key uint64

	Method  string // "": GET
	Header  http.Header
	Timeout time.Duration // 0: the run's
	Meta    []byte        // JSON, carried into the record untouched

	Depth    int
	Referrer string

	// Host and Token are those of the lease the item came with.
	Host  string
	Token uint64

	// What happened so far: an item that is asked again carries it along.
	Target  weburl.URL // what to ask next: URL at first, then where the hops lead
	Ask     string     // the method to ask Target with, where a hop changed it
	Hops    []Hop
	Retries int  // that were sent
	Foreign bool // it is not of the origin of a line: a hop has left that, or a link; it stays so
	Again   bool // the next request is a retry
	// Sitemap says that it is a sitemap, which lists further URLs and gets no
	// record. It is another request than for a page of the same URL.
	Sitemap   bool
	Last      Answer        // to the last request, where one came
	Started   time.Time     // of the first request; zero before
	Waited    time.Duration // in queues and at gates, over all hops and retries
	NotBefore time.Time     // earliest moment of the next request
	Since     time.Time     // when its present wait began; zero: with its next lease
}

// Answer is what an item's record keeps of an answer that was not the last word.
type Answer struct {
	Status       int
	Protocol, IP string
}

// Hop is one redirect that was followed.
type Hop struct {
	URL    weburl.URL // that answered with the redirect
	Method string     // it was asked with
	Status int
	// Cookies: its answer set cookies, and those are kept. The same URL asked
	// again is another request.
	Cookies bool
}
