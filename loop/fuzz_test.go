package loop_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"crawl/loop"
)

// A node is a random program: a tree of tasks that sleep, fail, clean up,
// follow each other, gather, shield, limit and group each other. Its model says
// in plain arithmetic when each part must end, and how.
type node struct {
	kind    string
	d       time.Duration // of a sleep, or of a limit
	cleanup time.Duration // what a leaf needs after a cancel
	fails   bool
	kids    []*node

	want, got ending
}

type ending struct {
	at  time.Duration
	how string // "ok", "failed" (a passed limit is a failure too) or "cancelled"
}

const never = time.Duration(math.MaxInt64)

func grow(r *rand.Rand, depth int) *node {
	// Long odd durations: no two events of a program fall together.
	n := &node{kind: "leaf", d: time.Duration(1 + r.Int64N(1<<40)), fails: r.IntN(4) == 0}
	if r.IntN(3) == 0 {
		n.cleanup = time.Duration(1 + r.Int64N(1<<39))
	}
	if depth == 0 || r.IntN(5) == 0 {
		return n
	}
	n.kind = []string{"seq", "gather", "shield", "waitfor", "timeout", "group"}[r.IntN(6)]
	kids := 1
	if n.kind == "seq" || n.kind == "gather" || n.kind == "group" {
		kids = 1 + r.IntN(4)
	}
	for range kids {
		n.kids = append(n.kids, grow(r, depth-1))
	}
	return n
}

// model says how n ends if it begins at start and is cancelled at stop.
func (n *node) model(start, stop time.Duration) ending {
	n.want = n.eval(start, stop)
	return n.want
}

func (n *node) eval(start, stop time.Duration) ending {
	switch n.kind {
	case "seq":
		end := ending{start, "ok"}
		for _, kid := range n.kids {
			if end.how == "ok" {
				end = kid.model(end.at, stop)
			} else {
				kid.reset()
			}
		}
		return end
	case "shield":
		end := n.kids[0].model(start, never)
		if stop < end.at {
			return ending{stop, "cancelled"}
		}
		return end
	case "waitfor", "timeout":
		end := n.kids[0].model(start, min(stop, start+n.d))
		switch {
		case end.how != "cancelled":
			return end
		case stop < end.at || stop < start+n.d:
			return ending{end.at, "cancelled"}
		}
		return ending{end.at, "failed"}
	case "gather":
		end := ending{n.together(start, never), "ok"}
		if first := n.firstFailure(); first <= end.at {
			end = ending{first, "failed"}
		}
		if stop < end.at {
			return ending{n.together(start, stop), "cancelled"}
		}
		return end
	case "group":
		all := n.together(start, never)
		first := n.firstFailure()
		switch {
		case stop < min(first, all):
			end := ending{n.together(start, stop), "cancelled"}
			if n.firstFailure() != never {
				end.how = "failed" // a group inside had failed already: errors win (K5)
			}
			return end
		case first <= all:
			return ending{n.together(start, first), "failed"}
		}
		return ending{all, "ok"}
	}
	end := ending{start + n.d, "ok"}
	switch {
	case stop < end.at:
		return ending{stop + n.cleanup, "cancelled"}
	case n.fails:
		end.how = "failed"
	}
	return end
}

// reset is for a part that never begins.
func (n *node) reset() {
	n.want = ending{}
	for _, kid := range n.kids {
		kid.reset()
	}
}

// together begins all children at once and says when the last one ends.
func (n *node) together(start, stop time.Duration) (last time.Duration) {
	for _, kid := range n.kids {
		last = max(last, kid.model(start, stop).at)
	}
	return last
}

func (n *node) firstFailure() time.Duration {
	first := never
	for _, kid := range n.kids {
		if kid.want.how == "failed" {
			first = min(first, kid.want.at)
		}
	}
	return first
}

// spawn runs n for real.
func (n *node) spawn(s loop.Spawner) *loop.Task[int] {
	return loop.CreateTask(s, func(c *loop.Ctx) (int, error) {
		err := n.body(c)
		n.got = ending{c.Loop().Time(), "failed"}
		switch ce := (*loop.CancelError)(nil); {
		case err == nil:
			n.got.how = "ok"
		case errors.As(err, &ce):
			n.got.how = "cancelled"
		}
		return 0, err
	})
}

func (n *node) body(c *loop.Ctx) error {
	switch n.kind {
	case "seq":
		for _, kid := range n.kids {
			if _, err := loop.Await(c, kid.spawn(c)); err != nil {
				return err
			}
		}
		return nil
	case "shield":
		_, err := loop.Await(c, loop.Shield(n.kids[0].spawn(c)))
		return err
	case "waitfor":
		_, err := loop.WaitFor(c, n.kids[0].spawn(c), n.d)
		return err
	case "timeout":
		return loop.Timeout(c, n.d, func(c *loop.Ctx) error {
			_, err := loop.Await(c, n.kids[0].spawn(c))
			return err
		})
	case "gather":
		var ts []*loop.Task[int]
		for _, kid := range n.kids {
			ts = append(ts, kid.spawn(c))
		}
		_, err := loop.Await(c, loop.Gather(c.Loop(), ts...))
		return err
	case "group":
		return loop.WithTaskGroup(c, func(c *loop.Ctx, g *loop.TaskGroup) error {
			for _, kid := range n.kids {
				kid.spawn(g)
			}
			return nil
		})
	}
	if err := loop.Sleep(c, n.d); err != nil {
		_ = c.Shielded(0, func(c *loop.Ctx) error {
			if n.cleanup == 0 {
				return nil
			}
			return loop.Sleep(c, n.cleanup)
		})
		return err
	}
	if n.fails {
		return errBoom
	}
	return nil
}

func (n *node) compare(t *testing.T, path string) {
	if n.want != n.got {
		t.Errorf("%s/%s: ended %v, the model says %v", path, n.kind, n.got, n.want)
	}
	for i, kid := range n.kids {
		kid.compare(t, fmt.Sprintf("%s/%s.%d", path, n.kind, i))
	}
}

func FuzzSchedule(f *testing.F) {
	for seed := range uint64(2000) {
		f.Add(seed, byte(seed%6))
	}
	f.Fuzz(func(t *testing.T, seed uint64, depth byte) {
		r := rand.New(rand.NewPCG(seed, 1))
		root := grow(r, int(depth%6))
		stop := never
		if r.IntN(2) == 0 {
			stop = time.Duration(1 + r.Int64N(1<<41))
		}
		root.model(0, stop)
		l := loop.New(loop.Options{Clock: new(loop.VirtualClock)})
		defer l.Close()
		l.SetExceptionHandler(func(*loop.Loop, loop.ErrContext) {})
		task := root.spawn(l)
		if stop != never {
			l.CallAt(stop, func() { task.Cancel() })
		}
		_, _ = loop.RunUntilComplete(l, task)
		l.CallAt(loop.Forever-1, l.Stop) // let what is detached come to its end
		_ = l.RunForever()
		root.compare(t, "")
		if s := l.Stats(); s.Tasks != 0 || s.Timers != 0 || s.Jobs != 0 {
			t.Errorf("left behind: %+v", s)
		}
	})
}
