// Package engine is the hub: it claims URLs from a frontier, flies each as one
// task on the event loop, and hands one record per line to a sink.
//
// It is not a room of its own subject: fetching, parsing, politeness, storing
// and encoding are the leaves', and only here do they meet. The leaves' values
// are plain structs, mapped in record.go.
//
// Smallest use:
//
//	lines := list.New(ctx, []list.Source{{R: os.Stdin}}, list.Options{})
//	defer lines.Close()
//	sink := results.NewWriter(os.Stdout, results.JSONL{})
//	sum, err := engine.Run(ctx, engine.Options{}, lines, sink)
//
// # Who runs where
//
// Run drives the loop on the goroutine that called it. The loop's goroutine
// owns the workbench, the flights and the counters, without locks. Requests run
// on I/O workers, parsing on parser workers, the frontier's calls on one store
// worker, encoding and writing on one sink goroutine; all come back by
// CallSoonThreadsafe. Run waits for every goroutine it started, except, after
// the grace period, for a sink that is stuck in a write.
//
// # How a URL goes
//
//	supply: Claim ──► workbench ──► pump: Next ──► flight (a task):
//	  await fetch (I/O worker) ──► Next decision ──► await save and parse (parser) ──► landing
//	main: range over landings, first completed first ──► sink ──► Settle
//
// A hop or a retry is not a loop within a flight: the item goes back to the
// workbench or the frontier, so that it passes robots and its host's gate
// again and holds no slot while it waits. So it is with the redirects of a
// robots.txt. After each exchange the workbench is told what it showed of its
// host's health (health.go).
//
// Links are found and judged where the page is parsed, and settled with their page,
// so that a crash loses neither. A link out of scope, or one that a limit or
// robots.txt cuts, is counted by its rule and has no record; a sitemap is an item
// like others, which brings links and has no record either (crawl.go, sitemap.go).
//
// # Decisions
//
// The dispatcher (pump) is a plain callback, not a task that sleeps: it runs
// whenever something changed, hands out what may go, and arms one CallAt for
// the moment when the next host may be asked. The road not taken is a worker per
// host or per slot that waits its turn: parked hosts would hold goroutines, and
// ten million lines would become tasks.
//
// What robots.txt forbids is found out by the dispatcher and takes no slot, so
// slots do not bound it: 256 picks or 10 ms do, then the rest of the loop has its
// turn. The road not taken is to judge on the pool's workers: each URL would wait
// twice, and another could start at its host meanwhile.
//
// Back-pressure is by counting: what was emitted and is not yet settled takes
// room, and without room nothing is dispatched or claimed. So a slow disk or
// pipe slows fetching, and the loop never blocks on the sink's channel. In a run
// that can be resumed that room is twice the concurrency, since what has it is what
// a kill repeats.
//
// The redirect of a link that leaves the scope is recorded as the answer, as with no
// redirects allowed at all: the page was asked for, and its record says where it
// leads. The roads not taken are no record, which would hide a page that is in
// scope, and a failure, which would fail the run for every link out.
//
// A limit of pages is taken when a page is first asked for, redirects and retries
// not counted, and from the first that finds none left, the workbench denies all
// that was never asked, without asking for their robots.txt. The road not taken is
// to count links as they are found: many are known already, or forbidden.
//
// A link is another origin's if its page is, or if it leaves its page's origin: then
// it goes without what was given for the line's. The road not taken is to ask whether
// any line has the origin: two lines may have two passwords.
//
// A change feed takes part at two places: a request asks with the validators that
// the last run got from the very same URL, and a record says what the next run has to
// know (changes.go). What is told is the sink's to judge, so that a slow memory slows
// fetching as a slow output does. The road not taken is to judge here and emit
// nothing: the summary counts records.
package engine
