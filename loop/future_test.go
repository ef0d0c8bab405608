package loop_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"crawl/loop"
)

type future = loop.Future[int]

var futureRows = []row{
	{"F1", func(e *env) {
		a, b, c := loop.NewFuture[int](e.l), loop.NewFuture[int](e.l), loop.NewFuture[int](e.l)
		e.check(!a.Done() && !a.Cancelled(), "a new future is pending")
		e.ok(a.SetResult(1))
		e.ok(b.SetError(errBoom))
		c.Cancel()
		e.check(a.Done() && b.Done() && c.Done(), "all ends are done")
		e.check(!a.Cancelled() && !b.Cancelled() && c.Cancelled(), "only the cancelled one is cancelled")
		b.Cancel()
		e.check(!b.Cancelled(), "no way back")
		e.is(b.Err(), errBoom)
	}},
	{"F2", func(e *env) {
		f := loop.NewFuture[int](e.l)
		_, err := f.Result()
		e.is(err, loop.ErrNotDone)
		e.is(f.Err(), loop.ErrNotDone)
	}},
	{"F3", func(e *env) {
		f, g := loop.NewFuture[int](e.l), loop.NewFuture[int](e.l)
		e.ok(f.SetResult(1))
		e.is(f.SetResult(2), loop.ErrAlreadyDone)
		e.is(f.SetError(errBoom), loop.ErrAlreadyDone)
		v, err := f.Result()
		e.check(v == 1 && err == nil, "the first value stands: %v %v", v, err)
		g.Cancel()
		e.is(g.SetResult(1), loop.ErrAlreadyDone)
		e.check(!g.TrySet(1, nil) && g.Cancelled(), "cancelled stays")
	}},
	{"F4", func(e *env) {
		f, g := loop.NewFuture[int](e.l), loop.NewFuture[int](e.l)
		e.check(f.Cancel() && f.Cancelled(), "cancelled at once")
		e.check(!f.Cancel(), "twice")
		e.ok(g.SetResult(1))
		e.check(!g.Cancel() && !g.Cancelled(), "a done future is not cancelled")
	}},
	{"F5", func(e *env) {
		f := loop.NewFuture[int](e.l)
		f.SetName("page")
		f.Cancel(errBoom)
		for range 2 {
			_, err := f.Result()
			ce := e.cancelled(err)
			e.check(ce.Cause == errBoom && ce.Origin == "page", "%+v", ce)
			e.is(f.Err(), errBoom)
			e.is(f.Err(), context.Canceled)
		}
	}},
	{"F6", func(e *env) {
		f := loop.NewFuture[int](e.l)
		e.l.CallLater(u, func() { e.check(!f.TrySet(1, nil), "set a cancelled future") })
		f.Cancel()
		e.l.CallLater(2*u, e.l.Stop)
		e.ok(e.l.RunForever())
		e.check(len(e.reports) == 0, "%s", e.reported())
	}},
	{"F7", func(e *env) {
		f := loop.NewFuture[int](e.l)
		f.AddDoneCallback(func(*future) { e.note("first") })
		e.ok(f.SetResult(1))
		f.AddDoneCallback(func(*future) { e.note("late") })
		e.want("")
		e.ticks(1)
		e.want("first@0 late@0")
	}},
	{"F8", func(e *env) {
		for _, end := range []func(f *future){
			func(f *future) { e.ok(f.SetResult(1)) },
			func(f *future) { e.ok(f.SetError(errBoom)); _ = f.Err() },
			func(f *future) { f.Cancel() },
		} {
			f := loop.NewFuture[int](e.l)
			for i := range 4 {
				f.AddDoneCallback(func(g *future) { e.check(g == f, "argument"); e.note("%d", i) })
			}
			end(f)
			e.ticks(1)
			e.want("0@0 1@0 2@0 3@0")
		}
	}},
	{"F9", func(e *env) {
		f := loop.NewFuture[int](e.l)
		a := f.AddDoneCallback(func(*future) { e.note("a") })
		b := f.AddDoneCallback(func(*future) { e.note("b") })
		c := f.AddDoneCallback(func(*future) { e.note("c") })
		e.check(f.RemoveDoneCallback(a) && !f.RemoveDoneCallback(a), "remove once")
		e.check(f.RemoveDoneCallback(c), "remove the last")
		e.check(!f.RemoveDoneCallback(loop.CallbackID{}), "remove nothing")
		e.ok(f.SetResult(1))
		e.check(!f.RemoveDoneCallback(b), "it is scheduled already")
		e.ticks(1)
		e.want("b@0")
	}},
	{"F10", func(e *env) {
		f := loop.NewFuture[int](e.l)
		var c loop.CallbackID
		f.AddDoneCallback(func(f *future) {
			e.note("a")
			f.AddDoneCallback(func(*future) { e.note("d") })
			f.RemoveDoneCallback(c)
		})
		f.AddDoneCallback(func(*future) { e.note("b") })
		c = f.AddDoneCallback(func(*future) { e.note("c") })
		e.ok(f.SetResult(1))
		e.ticks(2)
		e.want("a@0 b@0 c@0 d@0")
	}},
	{"F11", func(e *env) {
		f := loop.NewFuture[int](e.l)
		f.AddDoneCallback(func(*future) { panic(errBoom) })
		f.AddDoneCallback(func(*future) { e.note("other") })
		e.ok(f.SetResult(1))
		e.ticks(1)
		e.want("other@0")
		e.check(len(e.reports) == 1 && errors.Is(e.reports[0].Err, errBoom), "%s", e.reported())
		e.ok(f.Err())
	}},
	{"F12", func(e *env) {
		set := func() *future { f := loop.NewFuture[int](e.l); e.ok(f.SetError(errBoom)); return f }
		unseen, byErr, byResult, byAwait, byGather, byWait := set(), set(), set(), set(), set(), set()
		cancelled := loop.NewFuture[int](e.l)
		cancelled.Cancel()
		unseen.SetName("unseen")
		byWait.SetName("waited")
		_ = byErr.Err()
		_, _ = byResult.Result()
		e.ok(e.run(func(c *loop.Ctx) error {
			_, err := loop.Await(c, byAwait)
			e.is(err, errBoom)
			_, err = loop.Await(c, loop.Gather(e.l, byGather))
			e.is(err, errBoom)
			_, _, err = loop.Wait(c, []*future{byWait}, loop.AllCompleted)
			return err
		}))
		e.check(len(e.reports) == 0, "too early: %s", e.reported())
		e.ok(e.l.Close())
		var got []string
		for _, r := range e.reports {
			e.is(r.Err, errBoom)
			got = append(got, r.Name)
		}
		e.check(len(got) == 2 && got[0] == "unseen" && got[1] == "waited", "reported %v", got)
	}},
	{"F13", func(e *env) {
		t := e.sleeper("t", u, nil)
		e.ticks(1)
		t.Cancel()
		loop.NewFuture[int](e.l).Cancel()
		e.ticks(3)
		e.ok(e.l.Close())
		e.check(t.Cancelled() && len(e.reports) == 0, "%s", e.reported())
	}},
	{"F14", func(e *env) {
		f := loop.NewFuture[int](e.l)
		for _, name := range []string{"0", "1", "2", "3"} {
			e.spawn(name, func(c *loop.Ctx) error { _, err := loop.Await(c, f); e.note("%s", name); return err })
		}
		e.l.CallLater(u, func() { e.ok(f.SetResult(1)) })
		e.l.CallLater(2*u, e.l.Stop)
		e.ok(e.l.RunForever())
		e.want("0@1 1@1 2@1 3@1")
	}},
	{"F15", func(e *env) {
		f := loop.NewFuture[int](e.l)
		e.ok(f.SetResult(7))
		e.ok(e.run(func(c *loop.Ctx) error {
			e.l.CallSoon(func() { e.note("other") })
			v, err := loop.Await(c, f)
			e.check(v == 7 && err == nil, "%v %v", v, err)
			e.want("") // nothing ran in between
			return nil
		}))
	}},
	{"F16", func(e *env) {
		f := loop.NewFuture[int](e.l)
		failure := &loop.PanicError{Value: 1}
		e.ok(f.SetError(failure))
		for range 2 {
			_, err := f.Result()
			e.check(err == error(failure), "not the same error value")
		}
	}},
	{"F17", func(e *env) {
		e.is(loop.NewFuture[int](e.l).SetError(nil), loop.ErrNilError)
	}},
	{"F18", func(e *env) {
		ch := make(chan struct{})
		f := loop.FromChan(e.l, ch)
		close(ch)
		_, err := loop.RunUntilComplete(e.l, f)
		e.ok(err)
		ctx, cancel := context.WithCancelCause(context.Background())
		g := loop.FromContext(e.l, ctx)
		cancel(errBoom)
		_, err = loop.RunUntilComplete(e.l, g)
		e.is(err, errBoom)
		h := loop.FromChan(e.l, make(chan struct{}))
		h.Cancel()
		<-h.DoneChan() // an ordinary goroutine can select on it
		<-h.DoneChan()
		e.is(g.Err(), errBoom)
	}},
}

// A million failed futures must not be kept for the sake of one report each.
func TestUnseenErrorsAreBounded(t *testing.T) {
	e := newEnv(t, loop.Options{})
	for range 3000 {
		e.ok(loop.NewFuture[int](e.l).SetError(errBoom))
	}
	e.ticks(1)
	if len(e.reports) != 3000-1024 {
		t.Errorf("%d reports before the end", len(e.reports))
	}
	e.l.ReportUnseen()
	if len(e.reports) != 3000 {
		t.Errorf("%d reports", len(e.reports))
	}
}

func TestFutureFromManyGoroutines(t *testing.T) {
	l := loop.New(loop.Options{})
	defer l.Close()
	f := loop.NewFuture[int](l)
	defer l.Hold()()
	won := make(chan int, 8)
	for i := range 8 {
		go func() {
			if f.TrySet(i, nil) {
				won <- i
			}
		}()
	}
	v, err := loop.RunUntilComplete(l, f)
	if w := <-won; err != nil || v != w {
		t.Errorf("result %v %v, winner %v", v, err, w)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if w, err := f.WaitContext(ctx); w != v || err != nil {
		t.Error(w, err)
	}
	runtime.KeepAlive(f)
}
