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
// A change feed takes part at two places: a request asks with the validators that
// the last run got from the very same URL, and a record says what the next run has to
// know (changes.go). What is told is the sink's to judge, so that a slow memory slows
// fetching as a slow output does. The road not taken is to judge here and emit
// nothing: the summary counts records.
package engine
