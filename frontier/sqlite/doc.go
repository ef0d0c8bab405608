// Package sqlite is the frontier of a crawl that follows links and can be
// resumed: the promises of frontier/memory over an SQLite file, in memory that
// does not grow with the crawl.
//
// It is not the journal of a list, which needs no queue, and no lock: two
// processes must not have one file open, which is its caller's to see to.
// Everybody may look at the file meanwhile, with the sqlite3 command for
// example; it may hold passwords that stand in URLs.
//
// Smallest use:
//
//	s, err := sqlite.Open(dir, sqlite.Options{})
//	defer s.Close()
//	err = output.Truncate(s.OutputEnd()) // where an earlier run was cut off
//	_, err = s.Put(ctx, seeds)           // all of them, in every run
//	err = s.EndSeeds(ctx)
//	batch, err := s.Claim(ctx, 100, 16, 0)
//
// All methods may be called from any goroutine. They block on the disk, and on
// each other: one goroutine, which Close waits for, does their work. An error of
// the file ends the store: every later call returns it, and what was committed
// stays.
//
// # What a crash leaves
//
// What one call changes is seen as a whole or not at all: for Settle the links,
// the acknowledgement and the output's end. Settle is committed when it returns; other calls
// are in groups, after 20 ms or 500 rows. After a kill, SIGKILL too, the file holds every group that
// was committed; what came after it is as if it had not been: those items are
// handed out again, and OutputEnd is that of the last settlement which is there,
// so that an output that is cut back to it holds every record once. Leases are in
// memory only: what was handed out and not settled is handed out again.
//
// With a power cut the same holds, but it may take back more groups, always the
// last ones: the log is synced when it is written back into the file, about every
// 16 MiB, not with every commit (synchronous=NORMAL). The output is not synced
// here either: after a power cut it may be shorter than OutputEnd, and its caller
// has to look.
//
// # Memory and disk
//
// In memory are the page cache (64 MiB), 100,000 hashes of what was seen last
// (6 MB), up to 20,000 hosts that were used last, and the leases. A run that is
// resumed keeps an entry of frontier.Seen for each of its seeds until EndSeeds. On
// disk a link takes about 25 bytes for ever, and its text, its referrer's and some
// 30 bytes while it waits.
//
// # Decisions
//
// Duplicates are found by a keyed 64-bit hash, as in a list: the first bytes of
// SHA-256 over a random key, which is stored, and the identity. Against what
// SQLite costs for a row its speed does not matter, and it needs no code of ours.
// What was seen last is kept in front, exactly: most links of a page were on the
// page before. The road not taken is a Bloom filter, which would skip pages that
// nobody has seen.
//
// Where a host stands is in the file, in an index by turn and one by time, so
// that a claim reads as many rows as it hands out and Open reads one. A claim
// writes nothing: a host that is leased keeps its turn in the file, and claims
// look behind the last turn that was handed out. The road not taken is a heap of
// hosts in memory, to be filled at Open: 200 bytes for each of a million.
//
// The queue is one table in the order of host, time and ID. What was never asked
// has no time and so stands first; what is asked again goes before it once due,
// by a query of its own. The road not taken is a second table for it, and its
// statements twice.
//
// Settle commits at once, since what is settled and not committed would be asked for
// again after a kill: its caller settles hundreds of items at a time. Put does not
// wait for its group, up to 20 ms: the seeds are put again anyway.
//
// An item that is asked again keeps what happened to it over a resume, so that
// its record tells of every request. Its wait counts the time between the runs.
package sqlite
