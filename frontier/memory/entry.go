package memory

import (
	"container/heap"
	"time"

	"crawl/frontier"
	"crawl/weburl"
)

// entry is an item that waits: what a link or a plain seed has, or the whole.
type entry struct {
	id       frontier.ItemID
	index    int64
	line     int64
	url      weburl.URL
	input    string
	referrer string
	depth    int32
	foreign  bool
	whole    *frontier.Item // where there is more to it; nil for most
}

// newEntry keeps of it what waits.
func newEntry(it frontier.Item) entry {
	it.Host, it.Token = "", 0
	e := entry{id: it.ID, index: it.Index, line: it.Line, url: it.URL, input: it.Input, referrer: it.Referrer, depth: int32(it.Depth), foreign: it.Foreign}
	if e.input == it.URL.Identity() {
		e.input = it.URL.Identity() // one text, not two
	}
	if !plain(&it) {
		e.whole = &it
	}
	return e
}

// item is the item again.
func (e *entry) item() frontier.Item {
	if e.whole != nil {
		return *e.whole
	}
	return frontier.Item{
		ID: e.id, Index: e.index, Line: e.line, URL: e.url, Target: e.url,
		Input: e.input, Referrer: e.referrer, Depth: int(e.depth), Foreign: e.foreign,
	}
}

// plain says that an entry has room for all there is to it.
func plain(it *frontier.Item) bool {
	return it.Invalid == nil && !it.Sitemap && it.DuplicateOf == 0 && it.Key == 0 &&
		it.Method == "" && it.Header == nil && it.Timeout == 0 && it.Meta == nil &&
		it.Target == it.URL && it.Ask == "" && it.Hops == nil && it.Retries == 0 && !it.Again &&
		it.Last == frontier.Answer{} && it.Started.IsZero() && it.Waited == 0 && it.NotBefore.IsZero() && it.Since.IsZero()
}

// later holds items that are asked again: the first due first, those of the same
// time in the order of their IDs.
type later []*frontier.Item

func (l later) Len() int { return len(l) }
func (l later) Less(i, j int) bool {
	if l[i].NotBefore.Equal(l[j].NotBefore) {
		return l[i].ID < l[j].ID
	}
	return l[i].NotBefore.Before(l[j].NotBefore)
}
func (l later) Swap(i, j int) { l[i], l[j] = l[j], l[i] }
func (l *later) Push(x any)   { *l = append(*l, x.(*frontier.Item)) }
func (l *later) Pop() any {
	old := *l
	it := old[len(old)-1]
	old[len(old)-1] = nil
	*l = old[:len(old)-1]
	return it
}

// add puts it among those that are asked again.
func (l *later) add(it frontier.Item) { heap.Push(l, &it) }

// take removes the first.
func (l *later) take() *frontier.Item { return heap.Pop(l).(*frontier.Item) }

// first is when the first is due; there must be one.
func (l later) first() time.Time { return l[0].NotBefore }
