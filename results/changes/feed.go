package changes

import "crawl/results"

// Feed is a sink that remembers every record and hands on to next, with its Change,
// only what is to be told. Where next waits for every index, as a results.Ordered
// does, it is told of those that do not come.
func (m *Memory) Feed(next results.Sink) results.Sink {
	f := &feed{Sink: next, memory: m}
	f.skipper, _ = next.(skipper)
	return f
}

type feed struct {
	results.Sink
	memory  *Memory
	skipper skipper // nil: nobody waits
}

// skipper is a sink that waits for indexes.
type skipper interface{ Skip(index int64) error }

// Write implements results.Sink. It sets r.Change.
func (f *feed) Write(r *results.Record) error {
	if !cutOff(r) {
		var err error
		if r.Change, err = f.memory.take(r); err != nil {
			return err
		}
	}
	switch {
	case r.Change != "":
		return f.Sink.Write(r)
	case f.skipper != nil && r.HasIndex:
		return f.skipper.Skip(r.Index)
	}
	return nil
}
