package cli

import (
	"context"
	"io"

	"crawl/frontier"
	"crawl/frontier/list"
	"crawl/frontier/memory"
)

// openWork makes the frontier of a run: the lines themselves, or, where links are
// followed, a store that they fill. close ends its reader. With -state it says on
// stderr what was done before.
func (o *options) openWork(ctx context.Context, out *output, sources []list.Source, stderr io.Writer) (work frontier.Frontier, close func()) {
	if !o.crawls() {
		lines := list.New(ctx, sources, o.listOptions(out, sources, stderr))
		return lines, lines.Close
	}
	seeding := list.SeedOptions{Method: o.method, Unknown: o.unknownMembers(stderr), Each: func(it *frontier.Item) { o.engine.Crawl.Scope.AddSeed(it.URL) }}
	if s, ok := out.state.(*crawlState); ok {
		o.engine.Resumable = true
		if text := s.resuming(); text != "" {
			notice(o, stderr, text)
		}
		seeds := list.Seed(ctx, sources, s.store, seeding)
		return seeds, seeds.Close
	}
	store := memory.New(memory.Options{})
	seeds := list.Seed(ctx, sources, store, seeding)
	return seeds, func() { seeds.Close(); store.Close() }
}

// listOptions are those of the lines to fetch.
func (o *options) listOptions(out *output, sources []list.Source, stderr io.Writer) list.Options {
	lo := list.Options{Window: max(list.DefaultWindow, 4*o.engine.Concurrency), Method: o.method, Unknown: o.unknownMembers(stderr)}
	if s, ok := out.state.(*state); ok {
		o.engine.Resumable = true
		lo.Journal = s.journal
		if s.found.Done() > 0 {
			entries, known := list.Count(sources)
			if text := s.resuming(entries, known); text != "" {
				notice(o, stderr, text)
			}
		}
	}
	return lo
}
