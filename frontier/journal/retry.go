package journal

import (
	"container/heap"
	"errors"
	"io/fs"
	"os"

	"crawl/frontier"
)

// retry writes the journal anew without the lines that failed, and the output with
// it. From the moment when journal.next has its name, the new ones count: what
// comes after it is done again by finishRetry.
func (j *Journal) retry(out Output, found Found) error {
	err := replaceFile(j.path("journal.next"), func(f *os.File) error {
		w := newWriter(f)
		end := int64(0)
		waiting, err := j.walk(func(e Entry) error {
			keep := e.Verdict != frontier.Failed
			next, err := out.Retry(keep)
			if keep && err == nil {
				e.At, e.End, e.Turn, e.Held = end, next, found.Turn, false
				w.put(e)
			}
			end = next
			return err
		})
		for _, e := range waiting {
			if e.Verdict != frontier.Failed {
				e.End, e.Turn = end, found.Turn
				w.put(e)
			}
		}
		w.put(Entry{End: end, Turn: found.Turn, mark: true})
		if err == nil && out.Retried != nil {
			err = out.Retried()
		}
		return errors.Join(err, w.Flush())
	})
	if err != nil {
		if out.Abandon != nil {
			out.Abandon()
		}
		return err
	}
	if err := j.finishRetry(out); err != nil {
		return err
	}
	return j.open()
}

// finishRetry puts the new output and the new journal in place, if there are any.
func (j *Journal) finishRetry(out Output) error {
	next := j.path("journal.next")
	if _, err := os.Lstat(next); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	if out.Commit != nil {
		if err := out.Commit(); err != nil {
			return err
		}
	}
	if err := os.Rename(next, j.path("journal")); err != nil {
		return err
	}
	syncDir(j.dir)
	return nil
}

// walk calls f for each entry in the order in which the records stand in the
// output. It returns the entries of those that wait for their turn, in the order
// of their places.
func (j *Journal) walk(f func(Entry) error) (waiting []Entry, err error) {
	var w turns
	err = j.each(j.size, func(e Entry) error {
		switch {
		case e.Held:
			heap.Push(&w, e)
		case !e.mark:
			if err := f(e); err != nil {
				return err
			}
		}
		for len(w) > 0 && w[0].Index < e.Turn {
			if err := f(heap.Pop(&w).(Entry)); err != nil {
				return err
			}
		}
		return nil
	})
	return w, err
}

// turns is a container/heap of entries by the turn of their records.
type turns []Entry

func (t turns) Len() int { return len(t) }
func (t turns) Less(i, j int) bool {
	return t[i].Index < t[j].Index || t[i].Index == t[j].Index && t[i].At < t[j].At
}
func (t turns) Swap(i, j int) { t[i], t[j] = t[j], t[i] }
func (t *turns) Push(e any)   { *t = append(*t, e.(Entry)) }
func (t *turns) Pop() any {
	last := len(*t) - 1
	e := (*t)[last]
	*t = (*t)[:last]
	return e
}
