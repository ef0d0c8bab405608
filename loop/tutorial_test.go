package loop_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"crawl/loop"
)

// The thirteen programs of the tutorial that the project grew from. Each runs as
// an Example on the virtual clock, where a unit is a second, and once in real
// time in TestTutorialInRealTime.
type tutorial struct {
	out   io.Writer
	l     *loop.Loop
	clock *loop.VirtualClock // nil in real time
	u     time.Duration
	start time.Duration
}

func newTutorial(out io.Writer, unit time.Duration, virtual bool) *tutorial {
	p := &tutorial{out: out, u: unit}
	o := loop.Options{}
	if virtual {
		p.clock = new(loop.VirtualClock)
		o.Clock = p.clock
	}
	p.l = loop.New(o)
	p.start = p.l.Time()
	return p
}

func (p *tutorial) say(a ...any) { fmt.Fprintln(p.out, a...) }

// took prints the time that has passed, in whole units.
func (p *tutorial) took() { p.say("took", int((p.l.Time()-p.start)/p.u), "units") }

func (p *tutorial) getHTML(c *loop.Ctx) (string, error) {
	p.say("start get url")
	if err := loop.Sleep(c, 2*p.u); err != nil {
		return "", err
	}
	p.say("end get url")
	return "hello world", nil
}

func (p *tutorial) returns(name string, after int) func(c *loop.Ctx) (string, error) {
	return func(c *loop.Ctx) (string, error) { return name, loop.Sleep(c, time.Duration(after)*p.u) }
}

// 1: one coroutine.
func (p *tutorial) one() {
	_, _ = loop.RunUntilComplete(p.l, loop.CreateTask(p.l, p.getHTML))
	p.took()
}

// 2: the same coroutine twice, through wait.
func (p *tutorial) two() {
	tasks := []*loop.Task[string]{loop.CreateTask(p.l, p.getHTML), loop.CreateTask(p.l, p.getHTML)}
	_, _ = loop.RunUntilComplete(p.l, loop.CreateTask(p.l, func(c *loop.Ctx) (int, error) {
		done, pending, err := loop.Wait(c, tasks, loop.AllCompleted)
		p.say("done", len(done), "pending", len(pending))
		return 0, err
	}))
	p.took()
}

// 3: ensure_future and result().
func (p *tutorial) three() {
	future := loop.EnsureFuture[string](p.l, p.getHTML)
	_, err := future.Result()
	p.say(err)
	_, _ = loop.RunUntilComplete(p.l, future)
	p.say(future.Result())
	p.took()
}

// 4: loop.create_task.
func (p *tutorial) four() {
	task := loop.CreateTask(p.l, p.getHTML)
	_, _ = loop.RunUntilComplete(p.l, task)
	p.say(task.Result())
	p.took()
}

// 5: a done callback; it has run before RunUntilComplete returns.
func (p *tutorial) five() {
	task := loop.CreateTask(p.l, p.getHTML)
	task.AddDoneCallback(func(*loop.Task[string]) { p.say("start callback") })
	_, _ = loop.RunUntilComplete(p.l, task)
	p.say(task.Result())
	p.took()
}

// 6: a callback with a bound argument is a closure.
func (p *tutorial) six() {
	task := loop.CreateTask(p.l, p.getHTML)
	callback := func(url string) func(*loop.Task[string]) {
		return func(*loop.Task[string]) { p.say("url:" + url); p.say("start callback") }
	}
	task.AddDoneCallback(callback("imooc.com"))
	_, _ = loop.RunUntilComplete(p.l, task)
	p.say(task.Result())
	p.took()
}

// 7: gather; results in the order of the arguments, the first error at once.
func (p *tutorial) seven() {
	foo, bar := loop.CreateTask(p.l, p.returns("foo", 2)), loop.CreateTask(p.l, p.returns("bar", 1))
	p.say(loop.RunUntilComplete(p.l, loop.Gather(p.l, foo, bar)))
	p.took()
	p.start = p.l.Time()
	bad := loop.CreateTask(p.l, func(c *loop.Ctx) (string, error) {
		_ = loop.Sleep(c, p.u)
		return "", fmt.Errorf("no route to host")
	})
	sibling := loop.CreateTask(p.l, p.returns("sibling", 2))
	_, err := loop.RunUntilComplete(p.l, loop.Gather(p.l, bad, sibling))
	p.say(err, "sibling done:", sibling.Done())
	p.took()
	p.say(loop.RunUntilComplete(p.l, sibling))
}

// 8: wait gives two sets and raises nothing.
func (p *tutorial) eight() {
	foo := loop.CreateTask(p.l, p.returns("foo", 1))
	bar := loop.CreateTask(p.l, func(c *loop.Ctx) (string, error) {
		_ = loop.Sleep(c, 2*p.u)
		return "", fmt.Errorf("bar failed")
	})
	both := []*loop.Task[string]{foo, bar}
	_, _ = loop.RunUntilComplete(p.l, loop.CreateTask(p.l, func(c *loop.Ctx) (int, error) {
		done, pending, err := loop.Wait(c, both, loop.FirstCompleted)
		p.say(len(done), "done", len(pending), "pending", err)
		p.took()
		done, pending, err = loop.Wait(c, both, loop.AllCompleted)
		p.say(len(done), "done", len(pending), "pending", err)
		p.took()
		return 0, nil
	}))
	p.say(bar.Err())
}

// 9: groups of groups, and one of them cancelled.
func (p *tutorial) nine() {
	get := func(name string) *loop.Task[string] {
		return loop.CreateTask(p.l, func(c *loop.Ctx) (string, error) {
			p.say("start", name)
			err := loop.Sleep(c, 2*p.u)
			if err == nil {
				p.say("end", name)
			}
			return name, err
		})
	}
	group1, group2 := loop.Gather(p.l, get("a"), get("b")), loop.Gather(p.l, get("c"), get("d"))
	p.say(loop.RunUntilComplete(p.l, loop.Gather(p.l, group1, group2)))
	p.took()
	group1, group2 = loop.Gather(p.l, get("e"), get("f")), loop.Gather(p.l, get("g"), get("h"))
	group1.Cancel()
	_, err := loop.RunUntilComplete(p.l, loop.Gather(p.l, group1, group2))
	p.say("outer:", err != nil, "group1 cancelled:", group1.Cancelled())
	p.say(loop.RunUntilComplete(p.l, group2))
}

// 10: Ctrl-C at 2.5 units; the tutorial's reaction, and what is left after it.
func (p *tutorial) ten() {
	var tasks []*loop.Task[int]
	for _, n := range []int{2, 3, 3} {
		tasks = append(tasks, loop.CreateTask(p.l, func(c *loop.Ctx) (int, error) {
			p.say("start")
			err := loop.Sleep(c, time.Duration(n)*p.u)
			if err == nil {
				p.say("end")
			}
			return n, err
		}))
	}
	main := loop.CreateTask(p.l, func(c *loop.Ctx) (int, error) {
		_, _, err := loop.Wait(c, tasks, loop.AllCompleted)
		return 0, err
	})
	p.l.CallLater(2*p.u+p.u/2, func() { p.l.Abort(loop.ErrInterrupted) }) // the key
	_, err := loop.RunUntilComplete(p.l, main)
	p.say(err)
	for _, task := range p.l.AllTasks() {
		p.say("task cancel", task.Cancel())
	}
	p.l.Stop()
	_ = p.l.RunForever()
	_ = p.l.Close()
	p.say(tasks[0].Cancelled(), tasks[1].Cancelled(), tasks[2].Cancelled(), main.Cancelled(), p.l.IsClosed())
	p.took()
}

// 11: awaiting a coroutine is an ordinary call.
func (p *tutorial) eleven() {
	nested := func(c *loop.Ctx) (string, error) {
		p.say("nested running")
		return "Nested coroutine result", loop.Sleep(c, 2*p.u)
	}
	_, _ = loop.RunUntilComplete(p.l, loop.CreateTask(p.l, func(c *loop.Ctx) (int, error) {
		p.say("main started")
		result, err := nested(c)
		p.say("main received", result)
		p.say("main finished")
		return 0, err
	}))
	p.took()
}

// 12: the ways to schedule a callback.
func (p *tutorial) twelve() {
	p.l.CallAt(p.l.Time()+10*p.u, func() { p.say("at"); p.l.Stop() })
	p.l.CallLater(5*p.u, func() { p.say("later") })
	p.l.CallSoon(func() { p.say("soon") })
	release := p.l.Hold() // another goroutine is at work: virtual time waits for it
	go func() {
		defer release()
		p.l.CallSoonThreadsafe(func() { p.say("threadsafe") })
	}()
	_ = p.l.RunForever()
	p.took()
}

// 13: blocking functions in the executor.
func (p *tutorial) thirteen() {
	block := func(context.Context) (string, error) {
		if p.clock != nil {
			return "", p.clock.Sleep(context.Background(), 3*p.u)
		}
		time.Sleep(3 * p.u)
		return "", nil
	}
	var tasks []*loop.Future[string]
	for range 3 {
		p.say("get url")
		task := loop.RunInExecutor(p.l, nil, block)
		task.AddDoneCallback(func(*loop.Future[string]) { p.say("end") })
		tasks = append(tasks, task)
	}
	_, _ = loop.RunUntilComplete(p.l, loop.CreateTask(p.l, func(c *loop.Ctx) (int, error) {
		done, pending, err := loop.Wait(c, tasks, loop.AllCompleted)
		p.say(len(done), len(pending))
		return 0, err
	}))
	p.took()
}

var tutorials = []func(*tutorial){
	(*tutorial).one, (*tutorial).two, (*tutorial).three, (*tutorial).four, (*tutorial).five,
	(*tutorial).six, (*tutorial).seven, (*tutorial).eight, (*tutorial).nine, (*tutorial).ten,
	(*tutorial).eleven, (*tutorial).twelve, (*tutorial).thirteen,
}

// On the real clock each program prints what it prints on the virtual one, in
// the same order, and takes no less time. How much more it takes is the
// machine's affair.
func TestTutorialInRealTime(t *testing.T) {
	for i, program := range tutorials {
		t.Run(fmt.Sprint(i+1), func(t *testing.T) {
			t.Parallel()
			run := func(virtual bool) (lines []string, units []int) {
				var out strings.Builder
				p := newTutorial(&out, 50*time.Millisecond, virtual)
				defer p.l.Close()
				program(p)
				for line := range strings.Lines(out.String()) {
					var n int
					if _, err := fmt.Sscanf(line, "took %d units", &n); err == nil {
						units = append(units, n)
					} else {
						lines = append(lines, line)
					}
				}
				return lines, units
			}
			lines, units := run(true)
			realLines, realUnits := run(false)
			if !slices.Equal(lines, realLines) {
				t.Errorf("real: %q\nvirtual: %q", realLines, lines)
			}
			for i := range units {
				if realUnits[i] < units[i] {
					t.Errorf("took %d units, must be %d", realUnits[i], units[i])
				}
			}
		})
	}
}
