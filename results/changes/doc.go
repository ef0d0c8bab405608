// Package changes is the memory of a change feed: what became of each request of a
// list in earlier runs, in one file, and a results.Sink that lets through only what
// the reader of the last run does not know: new, changed, gone, failing, recovered.
//
// It is not a store of pages (it cannot show what has changed, only that), and it
// makes no requests: it says which validators to ask with, and judges the records
// by results.Basis, which the run fills in. It needs the standard library only.
//
// # Smallest use
//
//	m, err := changes.Open("seen.jsonl", changes.Options{FailAfter: 2})
//	feed := m.Feed(results.NewWriter(os.Stdout, results.JSONL{}))
//	// for each request: m.Known(request) before it, feed.Write(record) after it
//	err = errors.Join(feed.Close(), m.Commit()) // or m.Abort(), if the records did not arrive
//
// # Goroutines
//
// Known and Own may be called from any goroutine at any time up to Commit or Abort,
// also several at once. All else belongs to one goroutine at a time, the one that
// writes the records. All calls but Own block on the disk.
//
// # The words
//
// For each request the file has what was told last, and what its last good answer
// said. A run's outcome is one of three:
//
//	ok      after nothing but failures untold      new
//	        after gone or failing was told         recovered
//	        with another content or status         changed
//	gone    404 or 410, where it has been ok       gone, once
//	failed  anything else, FailAfter runs in a row failing, once
//
// and nothing else is told. What never was ok cannot be gone: its 404 is a failure.
// After gone, failures are silent: it is known to be away. After failing, a 404 is
// still worth a word. A 304 is ok and changes nothing, whoever asked for it; after a
// time without an answer it says that the page is back as it was. A
// duplicate is passed over, and so is a line that was cut off by a signal or a
// deadline: nothing was learnt of it.
//
// # The file
//
// JSON Lines: a first line with the version and a salt, then one object a request,
// for people to read, search, and edit, and a last line with the number of these. A
// line that is taken out is forgotten, if the number is made one less.
//
// An entry is known by URL, method and, where the line has credentials or headers of
// its own, by a salted hash of them. No secret is in the file in clear, but who has
// the file could try out guesses of a weak one; it is made for its owner alone (0600).
//
// Open reads the file once from end to end and keeps 17 bytes of memory for each
// entry: where it stands. Entries are read from there when they are needed, and the
// new file grows beside the old one, which it replaces by rename in Commit. Whatever
// ends the process before that, the old file is as it was, and the next run tells
// what this one told: at least once, never not at all.
//
// # Decisions
//
// Changed is judged by content and status. Where redirects end is kept for the
// validators but not judged: many a site redirects to another URL at every visit, and a
// move that shows the reader the same page is no news to him. (With -max-redirects 0
// the target is the content.) Not taken: the digest of the body, see extract; and
// thresholds of similarity, which nobody can set.
//
// A validator that is none by RFC 9110 is neither kept nor sent: "*" and lists would
// make any page the one that is known, and a date that no server understands asks
// for nothing. An entity-tag without quotes is sent as it came: many servers and
// frameworks send such, and compare no more than the text. Not taken: to put the
// quotes in, which those would not know again.
//
// FailAfter is 2 by default, in runs, not in time: a page that failed once, behind
// all the retries of its run, most often is back in the next. A run in which nobody
// answered counts as any other: for a list of one host, that is the news. Not taken:
// to tell failures that never were ok at once, a rule more for what the second run
// says anyway.
//
// gone waits for nothing, because it is an answer and not the lack of one.
//
// Entries of requests that left the list stay. A list that comes out empty one night
// would else make every line new in the next; and two lists may share a file, one
// after the other. The price is that the file of a list that ever changes ever grows,
// by some 250 bytes a URL; lines that are not wanted can be taken out. Not taken: to
// tell vanished lines as gone, which the list's owner knows, and to drop them after
// some runs, which needs a date or a count in every entry and so another file every
// run.
//
// A file that is not ours in every line is refused: a feed that begins anew tells
// everything as new, or worse, nothing as gone. So is an empty one, which a full disk
// may have left, and one without its last line or with another number of entries:
// what a copy or a power cut took away at the end of a line would come as new. Not
// taken: a checksum, which nobody can mend who takes out a line, and a mark at the
// end without the number, which does not see what is lost before it.
//
// Not taken: SQLite, which could be updated in place, but is no file to look into or
// to copy while it is written; the map in memory, which is simpler, but takes some
// 500 bytes a line; sorting both sides and merging, whose changes come only at the
// end of the run.
package changes
