// Package memory is the frontier of a crawl that follows links and keeps its
// work in memory: seeds and links come by Put and Settle, each request is handed
// out once, breadth first within its host.
//
// It is not the store of a crawl that is to be resumed: that is
// frontier/sqlite, which makes the same promises over a file. It reads no input
// and has no limit of its own: scope and the number of pages are the caller's.
//
// Smallest use:
//
//	s := memory.New(memory.Options{})
//	_, err := s.Put(ctx, seeds) // in the order of their Index
//	err = s.EndSeeds(ctx)
//	batch, err := s.Claim(ctx, 100, 16, 0)
//
// All methods may be called from any goroutine; none blocks for longer than its
// work takes.
//
// # Memory
//
// A queued link takes 104 bytes and its text in a ring that is up to twice as
// long as it is full; its referrer's text is shared with the links of the same
// page. A request that was ever seen takes what an entry of frontier.Seen does.
// A host with work takes about 800 bytes. A seed with headers, a method, a
// timeout or meta of its own, and an item that is asked again, keep a whole
// frontier.Item.
//
// # Decisions
//
// A queued link is a small value of its own, and becomes a frontier.Item when it
// is handed out: an Item has room for what happens to a request under way, which
// few of those that wait have. The road not taken is a queue of Items, at four
// times the memory.
//
// Links wait for the end of the seeds, so that what is both a seed and a link is
// a seed, with the record of its line. The road not taken is to make seeds of
// links that turn out to be some: the link may have its record already.
package memory
