// Package results is the Record of a crawl, one per input line, and its ways
// out: formats, input order, files and the closing summary.
//
// It is not a store and not a reporter of progress, and it knows nothing of
// HTTP, tasks or flags: a Record is a plain value that the run fills in. It
// needs the standard library only.
//
// # Smallest use
//
//	w := results.NewWriter(os.Stdout, results.JSONL{})
//	err := w.Write(&results.Record{URL: "https://example.com/", Status: 200, OK: true})
//	err = errors.Join(err, w.Close())
//
// The parts go together in this order, each but the Writer optional:
//
//	File     where the bytes go: published whole, by rename     (file.go)
//	Grown    or a file that grows in place, to be resumed       (grow.go)
//	Writer   an Encoder's records in batches, never split       (sink.go)
//	Ordered  in the order of the input lines                    (order.go)
//	Summary  counted beside them                                (summary.go)
//
// A run that may be killed and go on later has a Grown, whose whole records end
// where a Placer said, and in input order a Waiting for those whose turn is still
// to come (waiting.go). A Pruner takes records out of such a file (prune.go). What a path
// leads to, before anything is opened, is a Location (location.go).
//
// A Saver stands beside them: it keeps bodies as files of one directory
// (save.go), under the name that a Name gives them (savename.go).
//
// The formats are JSONL, JSON, CSV, TSV, Text and Template; Columns are the parts of
// a record that some of them are told to write (columns.go). A new format is a type
// with Append, and with Head, Between and Tail if it has a frame (see Framer); a
// new kind of output is a Sink. record.schema.json is the JSON Schema of a record.
//
// # Goroutines
//
// A run has one goroutine that writes, the sink goroutine; it alone calls a
// Writer, an Ordered, a File and a Summary. None of them starts a goroutine,
// takes a lock or reads a clock. A Saver's calls come from any goroutine, and
// the Record of its body waits for them. All these block on disks and on pipe
// readers; that is how a slow output slows the run down, behind a bounded
// queue that is the run's. Encoders are values without state, safe anywhere.
//
// When the queue is empty the run calls Flush, so that a reader of a slow run
// sees each record at once and a fast run pays one system call for hundreds.
//
// # Errors
//
// An error of the output names its path and wraps the cause: errors.Is finds
// syscall.EPIPE when the reader went away and syscall.ENOSPC when the disk is
// full. It is final for that Writer or File. (A Go process is killed by a
// broken pipe on descriptors 1 and 2 unless it asks for SIGPIPE by way of
// os/signal; that is for the command to do.)
//
// # Decisions
//
// Encoding by hand. encoding/json costs about three times as much and on a
// page with many links more than the fetch itself. The price is that the
// schema stands twice, in Record and in AppendJSON; the tests hold them
// together through a second encoder made of struct tags, on random records
// that are filled by reflection, so that a forgotten field fails.
// Not taken: a code generator (one struct, one encoder) and the JIT encoders,
// which are faster yet but break with releases of Go.
//
// Control characters. JSON must escape only those below U+0020. DEL and the C1
// controls are escaped as well because a person will look at JSON on a
// terminal, and U+2028 and U+2029 because some readers of "lines" break there.
// Every parser gives the same string back. Direction marks are left alone in
// JSON, where they are data, and made visible in text, where they could lie.
//
// CSV is for spreadsheets, TSV for programs. A spreadsheet takes a title like
// =HYPERLINK(...) for a formula, a terminal obeys ESC, and a value with a line end
// makes lines that are no records; so CSV puts ' before such a text and a space for
// every control character, and TSV spells them out and loses nothing. Lines end in
// LF although RFC 4180 says CRLF: all readers take it, and cut, sort and awk would
// find a CR in the last column. Lists are JSON in both. Not taken: a byte order
// mark, which Excel alone likes; values joined by a sign, which the values may have
// in them.
//
// One record is one line in every format that can be resumed, so that whole records
// can be told from torn ones and taken out again. Only a Template may break that
// rule, and says so (OneLine).
//
// Templates see strings without control characters, instead of having each action's
// output escaped: so join "\n", colours and tabs of the template's own work, and
// what comes from the network is harmless through every function. Names are checked
// against the types of a record before anything runs, for a trial alone finds those
// only that its branches come by, and its errors speak of Go. slice and index are our
// own: those of text/template fail where a title is short, which is nobody's fault.
//
// Characters that nobody sees are escapes in text, for a title could hide in them what
// it says; joiners and variation selectors stay where they make an emoji or part
// letters. Flags of regions (tags) and soft hyphens are the price. JSON, TSV and
// templates have them as they came, as data.
//
// How wide a character is, a small table of blocks tells (wide.go), which a test holds
// to golang.org/x/text: nothing but the look of text depends on it, and the room needs
// no library.
//
// A column of meta stays in its objects in JSON, as error.kind does, so that a filter
// of jq is the same with columns and without. Not taken: "meta.id" as a key, which
// wants quotes in jq.
//
// Presence by rule. Where 0 means something (index, depth, duplicate_of) a
// bool stands beside the number. Not taken: pointers, which would make a
// Record with forty fields a dozen allocations, and -1, which would make the
// zero Record wrong.
//
// Size 0. An answer with an empty body has "size":0; a line without an answer
// has no size. The sum of sizes is the same either way, but the two can be
// told apart.
//
// Order by merging. Early records wait in memory up to a limit and beyond it in
// sorted runs in one temporary file. Not taken: a table with the place of each
// waiting record, which is simpler but needs memory by the record (80 MB at
// ten million), where a run of 64 MiB needs forty bytes.
// What is in the file when the order catches up with it is read once, in order.
//
// Publishing by rename. A reader of -o FILE sees the last whole run or this
// whole run. The temporary name says which process made it, and O_EXCL rather
// than chance keeps two apart. What hard links share and the rights beyond
// mode and owner (ACLs) do not survive a rename. A temporary file that kill -9 left
// stays: that its process has ended cannot be known of one on another host or in
// another container. Not taken: a lock on it, which not every file system has.
//
// What waits for its turn in a run that may be killed goes to two places: the
// memory and merged runs that any run has, and a log that only the next run reads.
// Not taken: runs that outlive the process, which would need a journal of their own
// merging.
//
// Names of saved bodies. A name depends on the request alone, and for some on
// the content type: never on what was saved before it, so that every run of a
// list gives the same names, in whatever order the answers come. Therefore a
// file and a directory are never of one form (/a and /a/b), and where the URL
// cannot be the name as it is, a hash decides instead of a number. Lower case
// only, because macOS and Windows see one file in A and a. Not taken: a hash in
// every name, which is simpler, but nobody finds a page by it; percent-escapes,
// which are exact, but unreadable where they matter; the type's extension behind
// any path (list.php.html), which most names do not need.
//
// What stands in the place of a saved body and was not made by a Saver (a directory, a
// link out of it) is left as it is, and the body goes to a file of another name. Not
// taken: to end the run, for one page of a million; to remove what is there, which is
// not ours.
//
// Saved bodies are not synced to the disk one by one: that would cost more than
// the fetch. After a power cut a file may be short or empty, and the digest in
// its record tells.
package results
