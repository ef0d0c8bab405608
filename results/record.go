package results

import (
	"encoding/json"
	"time"
)

// Schema is the number of the record's schema, written first in every record.
// It changes when a field changes its meaning or goes, not when one is added.
const Schema = 1

// Record is what became of one input line or one followed link: the final
// answer of the run about it, there is no second one (cli.md §3). It is a plain
// value: strings, numbers and times, no handles and no bodies, so that it may
// be kept, compared and encoded on any goroutine, by one at a time.
//
// Absence. A field without a value is left out of the output, and the zero
// value says so: "" and 0 and false mean "not known" or "does not apply".
// Where zero is a value of its own, a second field or a rule decides:
//
//   - Index counts only with HasIndex, Depth with HasDepth, DuplicateOf with
//     Duplicate.
//   - OK is written as true or false on every record that is no duplicate.
//   - Size is written, 0 included, whenever Status is: an answer came, and a
//     size of 0 says that its body was empty. Without an answer there is no
//     size. WireSize is left out at 0.
//   - Links is left out when nil (links were not asked for, or the answer is
//     no page); an empty list that is not nil is written as [], because "the
//     page has no links" is an answer.
//
// The fields stand in the order in which encoders write them. Strings may hold
// anything a server sent: encoders make them valid UTF-8 and keep control
// characters from the terminal, callers need not.
type Record struct {
	// Index is the 0-based position of the line over the entries of all
	// inputs: the key that joins records with what was asked. HasIndex is
	// false on pages found by following links.
	Index    int64
	HasIndex bool
	// Line is the 1-based line in its own file; 0 for URLs from the command
	// line and for followed links.
	Line int64
	// Input is the URL as typed where it differs from URL, userinfo replaced
	// by "***@", cut at 64 KiB. Empty on kind invalid_url, whose URL says it.
	Input string
	// URL is the normal form of what was asked, without userinfo. On kind
	// invalid_url it is the text as typed. Always written.
	URL string
	// FinalURL is where the redirects ended, where that differs from URL.
	FinalURL string
	// Status is the HTTP status of the last answer; 0 when none came. It is
	// there beside an error too, if the header arrived before it.
	Status int
	// OK is the verdict: an answer came whole (or cut at the body limit) and
	// its status is one that counts as ok.
	OK bool
	// Error says why the record is not ok. Its zero value is "no error".
	Error Failure

	// Title, Description, Canonical, Refresh and Lang are what the page says
	// about itself: <title>, meta description, <link rel=canonical> as an
	// absolute URL, where <meta http-equiv=refresh> leads as an absolute URL (it
	// is never followed), and the lang attribute of <html>.
	Title       string
	Description string
	Canonical   string
	Refresh     string
	Lang        string
	// Links are the page's links: absolute, in document order, each once.
	Links []string
	// Fields are the selected fields in the order of their flags.
	Fields []Field

	// Location is where the last answer, a redirect that was not followed, leads:
	// an absolute URL, or the header as it came where it is none.
	Location string
	// ContentType is the Content-Type header as it came.
	ContentType string
	// Charset is the encoding that the text was read in, CharsetSource how it
	// was found: bom, header, meta, guess or default.
	Charset       string
	CharsetSource string
	// Size is the length of the decoded body in bytes as far as it was read,
	// WireSize the bytes that the body took on the wire.
	Size     int64
	WireSize int64
	// Truncated: the body was longer than the limit and is cut there.
	Truncated bool
	// Digest is the sha256 of the decoded body, as far as it was read, in
	// lower-case hex.
	Digest string
	// File is where the body was saved: a path with slashes, relative to the
	// directory of the Saver.
	File string
	// Protocol is the version of the last exchange, "HTTP/1.1" or "HTTP/2.0".
	Protocol string
	// IP is the address that the last exchange spoke to, without port.
	IP string
	// Attempts is 1 + retries; redirects do not count. 0: nothing was sent.
	Attempts int
	// Redirects are the hops that were followed, oldest first: each with the
	// URL that was asked and the 3xx status that it gave.
	Redirects []Redirect

	// Depth is the distance from a seed in links; HasDepth is set whenever
	// the run follows links.
	Depth    int
	HasDepth bool
	// Referrer is the page on which a followed link was found.
	Referrer string
	// FromCache: the server said that nothing changed (304).
	FromCache bool
	// Change is the word of the change feed: New, Changed, Gone, Failing or
	// Recovered.
	Change string
	// DuplicateOf is the Index of the first line that asked the same; the
	// request was made for that one alone. With Duplicate set the record is
	// neither ok nor failed.
	DuplicateOf int64
	Duplicate   bool
	// Meta is the caller's own JSON from the input line, given back as it
	// came: the same value in the same spelling. Only what would break a line,
	// the UTF-8 or a terminal is respelt (see AppendJSON).
	Meta json.RawMessage

	// StartedAt is when the first request started, written in UTC with
	// milliseconds. Zero: none did.
	StartedAt time.Time
	// Time says where the time went.
	Time Timing

	// Basis is what a change feed judges by. No encoder writes it.
	Basis Basis
}

// Basis is what the next run has to know of a record to say what has changed.
type Basis struct {
	// Method is that of the line, "" for GET. Own tells a line with credentials or
	// headers of its own from others of its URL; "" for a line without.
	Method, Own string
	// ETag and LastModified are the validators of an answer, as sent.
	ETag, LastModified string
	// Content is a digest, in hex, of what the answer says to its reader; "" where
	// nothing was answered, and on a 304.
	Content string
}

// The words of a change feed, and all that Record.Change can be besides "".
const (
	New       = "new"       // ok, for the first time
	Changed   = "changed"   // ok as before, with another content or status
	Gone      = "gone"      // was ok, and is answered with 404 or 410
	Failing   = "failing"   // failed in some runs in a row
	Recovered = "recovered" // ok again, after Gone or Failing
)

// Failure says why a record is not ok.
type Failure struct {
	// Kind is one of the closed set of cli.md §3; "" is "no error".
	Kind string
	// Message is one short line for people. Its text is no contract.
	Message string
	// Phase is the step that failed: dns, connect, tls and so on.
	Phase string
}

// Redirect is one hop that was followed.
type Redirect struct {
	URL    string
	Status int
}

// Field is one selected field. It is a list when Values is not nil (the flag
// asked for all matches; an empty list says that there were none), else the
// one string Value. Names are unique within a record; the flags see to that.
type Field struct {
	Name   string
	Value  string
	Values []string
}

// Timing is where the time of a record went. Queue is all its waiting and
// Total all the time since StartedAt; the others are the last exchange's. They
// are written in milliseconds with at most three decimals, and left out where
// they are below half a microsecond: on a kept connection dns, connect and tls
// took no time.
type Timing struct {
	Queue    time.Duration
	DNS      time.Duration
	Connect  time.Duration
	TLS      time.Duration
	TTFB     time.Duration
	Download time.Duration
	Parse    time.Duration
	Total    time.Duration
}

// Failed reports whether the record counts as a failure. A duplicate is
// neither ok nor failed: its first line is judged.
func (r *Record) Failed() bool { return !r.OK && !r.Duplicate }
