// Package frontier decides what to fetch next.
//
// It has two halves. A [Frontier] is a store of work: the lines of a list, or
// later the links of a crawl, grouped by host and handed out under leases. Its
// calls may block on disk or network, so they are made off the event loop. A
// [Workbench] holds what the leases brought and answers one question, as a
// pure data structure on the loop's goroutine: which URL may be asked now?
// Politeness lives there as scheduling: a host that is full, paced, parked or
// waiting for its robots.txt is simply not handed out, so it never holds a
// slot that another host could use, and nothing sleeps. What became of each
// request is told to it (Finish, Report, Park), and it adapts.
//
// What a crawl may follow is decided by two more values: a [Scope] judges links, and a [Budget] counts pages. Each [Cut] has a name, for
// a summary.
//
// It is not a fetcher and has no clock: times come in as arguments, and a
// robots verdict comes in as [Rules].
//
// Smallest use, without a store:
//
//	w := frontier.NewWorkbench(frontier.Politeness{PerHost: 2})
//	w.Add(now, []frontier.Lease{{Host: "example.com:443", Items: items}})
//	for {
//		pick, wait, ok := w.Next(now)
//		…
//		w.Finish(now, pick.Item.Target.HostPort())
//	}
//
// # Goroutines
//
// A Workbench, a Scope and a Budget belong to one goroutine; Scope.Judge may be called
// by many while none calls AddSeed. A Frontier may be called from any
// goroutine, but Settle by one at a time, in the order in which the results
// were written: a journal's order must be the output's.
//
// # Decisions
//
// Leases are by host, not by URL: a host is the unit of politeness, of
// connection reuse and of order, and a later store shared by many machines can
// only keep a pause between two requests if one worker owns the host. The road
// not taken is a queue of single URLs with a visibility time-out (as the log
// and job-queue engines have it): it needs a second mechanism for politeness
// and loses the order within a host.
//
// The workbench keeps the memory of a host (its pace, its pause, its robots
// rules) for a while after the lease went back, since the next line of the
// same host often follows soon. The road not taken is to keep every lease
// until the end of the run: it would bind hosts that have no work left.
//
// Robots rules are a stranger's text, up to 500 KiB for each host, and as many
// hosts as a stranger likes: 128 MiB of them are kept in all, beside 8 KiB for any
// host. For more, hosts that rest are forgotten; hosts with work are not, and what
// does not fit beside theirs is not taken. The road not taken is to forget those
// used least recently, work or no work: where many wait for their rules, each set
// would be forgotten before its first use, and asked for again without end.
//
// A host's rate is the time between two starts, as its delays are, so the
// strictest of them is the longest, and one moment per host says it all. The
// road not taken is a rate.Limiter per host beside the delays: two clocks to
// agree, and reservations to cancel. The run's own rate has one.
//
// How much a busy host may have in flight is found by additive increase and
// multiplicative decrease, as TCP finds its window: a server that says 429 or
// 503 is believed at once, and again after ten good answers. The road not taken
// is to adapt to response times: a slow host need not be a busy one.
//
// A robots.txt that redirects to another host becomes an errand: an item that
// waits at that host's gate for a slot, while its origin holds none. The road
// not taken is to follow redirects within the origin's slot: a host that many
// others redirect to would be asked by all of them at once.
//
// A scope has no lock, as it is made on one goroutine; its caller lets the pool's
// workers read it, next to where links are found, and locks them out for the rare
// redirect of a seed that adds to it. The road not taken is to judge on the loop: a
// sitemap has 50,000 links, of a microsecond or two each, and nothing else would go
// on meanwhile.
//
// A registrable domain is that of the whole public suffix list, its private part
// included, so that one customer of a host is not led to all others. The road not
// taken is its ICANN part alone, or the last two labels, with which a crawl of
// one university of co.jp or ac.uk is a crawl of all.
//
// What was seen is kept as a 64-bit hash and the index of the first, in tables of
// our own that are packed (12 bytes a slot) and grow a fifth at a time, one of
// 256 after the other: about 16.5 bytes an entry, where the standard library's
// map takes 19 to 39 and doubles a part of itself at once. The tables lie outside
// the heap, since the collector lets a heap grow to twice what is in use, and
// would let them too. The road not taken is a Bloom filter: it takes a tenth, but
// knows no first index and now and then loses a line.
//
// The hash is SipHash-1-3, which is 40 lines, some 50 ns a line, and what Rust's
// and Python's hash tables trust against chosen keys. The roads not taken are
// hash/maphash, which is faster, whose seed cannot be stored, so that a
// journal of hashes would mean nothing to the next run, and an unkeyed hash,
// with which a site could make pages that pass for others.
package frontier
