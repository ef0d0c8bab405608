// Package report makes a page to look at from the records of a run: one HTML
// file that loads nothing, with totals, statuses and errors, latencies, hosts,
// a timeline, large and slow pages, redirects, and a table to filter and sort.
//
// It is not a live view, compares no runs, and fetches nothing. It reads what
// the JSON output of results has written, of this run or an older one.
//
// # Smallest use
//
//	r := report.New(report.Options{})
//	skipped, err := r.Read(ctx, "out.jsonl", file)
//	err = r.WriteHTML(w, time.Now())
//
// The files: what is collected (report.go, hosts.go, redirects.go, timeline.go,
// stretches.go, histogram.go, tally.go), the records of the table (rows.go), reading
// (read.go, kind.go, decode.go), and the page (html.go, charts.go, format.go, and
// page.html, style.css and script.js, which are embedded).
//
// # Who may call
//
// A Report is for one goroutine. Read blocks on its reader, WriteHTML on its
// writer; nothing else does.
//
// # Decisions
//
// Charts are drawn here, as SVG, and so is every table but the one of records:
// the page says the same without JavaScript, in a text browser and on paper.
// Not taken: to draw in the script, from the data, which would leave nothing
// where there is none.
//
// No library of charts and no framework: the largest part of a page would be
// code of others that nobody here can vouch for, for four kinds of rectangles.
//
// Strangers wrote the titles, URLs and messages, and a report is opened from the
// disk, where a script could do much. So they are escaped by html/template and
// encoding/json, the script puts them in as text, only http and https URLs
// become links, and a Content-Security-Policy allows this one script and this
// one style by their hashes and no connection to anywhere: whatever slips
// through one of these does not run by the other.
//
// Memory. Counts and sums are exact; so are extremes. Quantiles come from
// histograms with 16 buckets an octave, within 2.2 %, because exact ones would
// need every record. What is named by strangers (hosts, types, targets) is
// counted up to a limit of different names, and together beyond it. The table
// has 100,000 records, the failed ones first, because nobody looks at more, and
// a browser still opens them in a second. Its texts have 1 KiB a row on average, as
// they are written: where strangers write more, it ends earlier, and says so.
//
// Runs of different days are stretches of time, each with a chart and a scale of its
// own. Not taken: one scale with the pauses left out, on which a distance would no
// longer be a time.
//
// On a narrow screen a row of a table is a block, whose first cell has the whole
// width, and not a table that scrolls sideways: its numbers would be out of sight.
//
// The table's data is one JSON object with a list for each column: half the
// size of an object for each record. Pages of 100 rows rather than a window
// that is drawn while it is scrolled: they work with the keyboard, with find in
// page, and with screen readers. Not taken: compressed data, which would be a
// third of the size, and could not be read by people or other programs.
package report
