package loop

import (
	"context"
	"errors"
	"time"
)

// Run is asyncio.run: it makes a loop, runs fn as its main task, and ends the
// loop properly, whatever happened: the tasks that are left are cancelled and
// their cleanup awaited, the default executor is shut down, the loop closed
// (R1–R5). The end of ctx cancels the main task. It returns what fn returned,
// blocks until the end, and takes at most one Options.
func Run[T any](ctx context.Context, fn func(c *Ctx) (T, error), opts ...Options) (T, error) {
	r := NewRunner(ctx, opts...)
	v, err := RunIn(r, fn)
	if cerr := r.Close(); err == nil && cerr != nil {
		err = cerr
	}
	return v, err
}

// A Runner runs several main tasks one after the other on one loop (R13).
type Runner struct {
	l   *Loop
	ctx context.Context
	interruption
}

// NewRunner makes a runner and its loop. Close it.
func NewRunner(ctx context.Context, opts ...Options) *Runner {
	var o Options
	if len(opts) > 0 {
		o = opts[0]
	}
	if o.Context == nil {
		o.Context = context.WithoutCancel(ctx) // its end cancels main; main decides about the rest
	}
	return &Runner{l: New(o), ctx: ctx}
}

// Loop is the runner's loop.
func (r *Runner) Loop() *Loop { return r.l }

// RunIn runs fn as the main task on r's loop and returns its result. A SIGINT,
// if Options.HandleInterrupt is set, cancels the main task alone; if it ends
// cancelled by nothing else, the error is [ErrInterrupted] (R6, R9). A second
// SIGINT has its default effect: it ends the process (R8).
func RunIn[T any](r *Runner, fn func(c *Ctx) (T, error)) (T, error) {
	t := CreateTask(r.l, fn)
	if r.ctx.Done() != nil {
		release := r.l.external()
		defer release()
		stop := context.AfterFunc(r.ctx, func() { t.Cancel(context.Cause(r.ctx)) })
		defer stop()
	}
	restore := r.watch(r.l, t)
	defer restore()
	err := r.l.runUntil(t.node(), false)
	var v T
	if err == nil {
		v, err = t.Result()
	}
	if err != nil && t.Cancelled() && r.claims(err) {
		err = errors.Join(ErrInterrupted, err)
	}
	return v, err
}

// external says that something outside may wake the loop; it does not keep a
// virtual clock from moving.
func (l *Loop) external() (release func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.externals++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.externals--
	}
}

// Close ends the loop as Run does: tasks, default executor, loop (R5). What goes
// wrong on the way is for the exception handler, not for the caller (R3). It is
// idempotent.
func (r *Runner) Close() error {
	l := r.l
	if l.IsClosed() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), l.grace())
	defer cancel()
	if err := l.CancelAll(ctx); err != nil {
		l.report(ErrContext{Message: "tasks did not end with the run", Err: err})
	}
	if err := l.ShutdownDefaultExecutor(ctx); err != nil {
		l.report(ErrContext{Message: "jobs did not end with the run", Err: err})
	}
	return l.Close()
}

func (l *Loop) grace() time.Duration {
	if l.opts.Grace > 0 {
		return l.opts.Grace
	}
	return 10 * time.Second
}

// CancelAll cancels every task and runs the loop, on the calling goroutine, until
// all have ended, those included that their cleanup creates (R2, R4). It gives
// up with ctx. Errors of the tasks go to the exception handler (R3). It is the
// sound form of asyncio's idiom "cancel all, stop, run forever, close", which
// cuts cleanup off (R12); on a running loop it is refused.
func (l *Loop) CancelAll(ctx context.Context) error {
	if l.IsRunning() {
		return ErrLoopRunning // before anything is touched (L26)
	}
	for {
		all := l.AllTasks()
		if len(all) == 0 {
			return nil
		}
		ce := &CancelError{Cause: errRunEnds, Origin: "loop"}
		nodes := make([]Waitable, len(all))
		l.mu.Lock()
		for i, t := range all {
			nodes[i] = t
			if lv := t.node().live; lv != nil && lv.cancels == 0 {
				l.cancelLocked(t.node(), ce)
			}
		}
		l.mu.Unlock()
		if err := l.drain(ctx, nodes); err != nil {
			return err
		}
	}
}

var errRunEnds = errors.New("the run has ended")

// drain runs the loop until all are done or ctx is.
func (l *Loop) drain(ctx context.Context, all []Waitable) error {
	out := NewFuture[struct{}](l)
	w := &drainHook{out: out}
	l.mu.Lock()
	w.left = len(all)
	for _, t := range all {
		t.node().addWaiter(&drainMember{w, t.node()})
	}
	l.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { out.TrySet(struct{}{}, context.Cause(ctx)) })
	defer stop()
	if err := l.runUntil(out.node(), false); err != nil {
		return err
	}
	return out.Err()
}

type drainHook struct {
	out  *Future[struct{}]
	left int
}

type drainMember struct {
	w *drainHook
	t *core
}

func (m *drainMember) run() {
	l := m.t.l
	if m.t.status() == failed && !m.t.hasFlag(flagSeen) {
		m.t.markSeen()
		l.report(ErrContext{Message: "task failed while the run was ending", Err: m.t.ext.err, Name: m.t.name()})
	}
	if m.w.left--; m.w.left == 0 {
		m.w.out.TrySet(struct{}{}, nil)
	}
}

// ShutdownDefaultExecutor lets the default executor take no more jobs and waits
// for those it has until ctx is done (E8, E9). It blocks; it belongs after the
// run.
func (l *Loop) ShutdownDefaultExecutor(ctx context.Context) error {
	l.mu.Lock()
	ex := l.opts.Executor
	if ex == nil {
		ex = l.jobs.def
	}
	l.mu.Unlock()
	if ex == nil {
		return nil
	}
	return ex.Shutdown(ctx)
}
