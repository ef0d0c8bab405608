package frontier

import (
	"context"
	"errors"
	"time"

	"crawl/weburl"
)

// Frontier is a store of URLs to fetch, leased out by host.
//
// All calls may block on disk or network and may be made from any goroutine;
// Settle is made by one goroutine at a time. Every implementation passes the
// suite in frontier/frontiertest.
type Frontier interface {
	// Put adds discovered items. It reports per item whether it is new, or the
	// ID of the item that was first. A store whose items come at construction
	// returns ErrFixed.
	Put(ctx context.Context, items []Item) ([]Added, error)

	// Claim leases up to hosts hosts that have work and are not leased, each
	// with up to perHost items. It never blocks for lack of work: Batch.Wait
	// and Batch.More say when to ask again. A lease of zero duration does not
	// expire.
	Claim(ctx context.Context, hosts, perHost int, lease time.Duration) (Batch, error)

	// Settle ends items: done, or to be asked again later. It is atomic per
	// call. An outcome whose lease is no longer ours is refused with ErrFenced.
	Settle(ctx context.Context, outs []Outcome) error

	// Extend renews leases and refills each with up to n further items, so that
	// the connections of a live host stay busy. It returns the leases that are
	// still ours; Items holds only what was added. One that is missing from the
	// answer is fenced: its host must not be asked any more.
	Extend(ctx context.Context, ls []Lease, n int) ([]Lease, error)

	// Release gives a host back. Items that were not settled return to the head
	// of its queue, and for delay no worker is given the host.
	Release(ctx context.Context, l Lease, delay time.Duration) error

	// Stats counts items by verdict, and the hosts that are parked.
	Stats(ctx context.Context) (Stats, error)
}

// Seeder is a Frontier of a crawl that follows links: its seeds come by Put, as
// items with an Index that is not below zero. All seeds are there before the
// first link: links that Put or Settle bring earlier wait for EndSeeds, and
// until then Batch.Done is false.
//
// A seed that is known already, and one with Invalid, becomes a NoFetch item. A
// link that is known already is dropped.
type Seeder interface {
	Frontier

	// EndSeeds says that no more seeds come, and lets the links in. A seed that
	// is put afterwards is refused with ErrFixed. A second call does nothing.
	EndSeeds(ctx context.Context) error
}

// Added says what Put did with one item. The zero value says that it is a link
// that waits for the end of the seeds.
type Added struct {
	New   bool
	First ItemID // where New is false: the item that was there first
}

// Lease is the right to ask one host, until Deadline (zero: no end).
type Lease struct {
	Host     string // host:port
	Token    uint64 // a fencing token: grows with every lease, never reused
	Deadline time.Time
	Items    []Item
}

// Batch is the answer to Claim.
type Batch struct {
	Leases  []Lease
	NoFetch []Item          // invalid and duplicate lines: they get a record only, and are settled too
	Wait    time.Duration   // when to ask again if More stays silent; 0: only More can bring work
	More    <-chan struct{} // closed when a line arrived, or a Settle brought links or an Again; it voids Wait
	Done    bool            // nothing is queued, leased or waiting for its time
}

// Outcome ends one item.
type Outcome struct {
	Token     uint64 // of the lease it came with; 0 for a NoFetch item
	ItemID    ItemID
	Again     *Item // nil: done. Otherwise the item as it is to be asked, at Again.NotBefore
	Verdict   Verdict
	Links     []Item // with Verdict: what the page brought
	OutputEnd int64  // the output's length once the record stood in it
	Place     Place  // of the record, for a journal
	Tried     bool   // it was asked for
	Answered  bool   // and there was an answer

	// Of a crawl, for the runs that go on where this one ends: the name of the host
	// that it took a page of, "" if it took none; where a seed's redirects ended,
	// which joins the scope; how many links of it were cut, and whether it was.
	Page  string
	Reach weburl.URL
	Cuts  Cuts
}

// Place is where a record stands.
type Place struct {
	// Held says that it waits for its turn, outside the output.
	Held bool
	At   int64 // where it begins: in the output, or among those held
	Turn int64 // the index whose turn came next, in input order; otherwise 0
}

// Verdict is how an item ended.
type Verdict uint8

// The verdicts that Stats counts.
const (
	OK Verdict = iota
	Failed
	Duplicate
	Cancelled
	NoRecord // it was not to have any: a link that was cut, a sitemap
	numVerdicts
)

// Verdicts counts items by Verdict.
type Verdicts [numVerdicts]int64

// Stats is a snapshot of a store.
type Stats struct {
	Read    int64 // items that came in
	Queued  int64 // waiting in the store
	Leased  int64 // handed out and not settled
	Settled Verdicts
	Parked  []Parked
}

// Parked names a host that is given to nobody before a moment.
type Parked struct {
	Host  string
	Until time.Time
}

// Errors of a Frontier. A caller branches on them.
var (
	// ErrFixed is the answer of a store whose items come at construction.
	ErrFixed = errors.New("this frontier takes no new items")
	// ErrFenced says that a lease is no longer the caller's, or was never given.
	ErrFenced = errors.New("lease is not held")
)
