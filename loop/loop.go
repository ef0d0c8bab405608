package loop

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Options configures a Loop. The zero value is the real clock, an executor of
// the loop's own with min(32, CPUs+4) workers, slog.Default and no watchdog.
type Options struct {
	// Clock tells the time; nil is RealClock().
	Clock Clock
	// Executor runs the jobs of RunInExecutor(l, nil, ...). The loop shuts it
	// down with Close. nil makes a small bounded one on first use (E3).
	Executor Executor
	// Logger is where the default exception handler writes; nil is slog.Default().
	Logger *slog.Logger
	// SlowCallback is the time after which a callback or task step that still
	// runs is reported with its stack (L31). Zero turns the watchdog off.
	SlowCallback time.Duration
	// Context is the parent of every task's and job's context: its values are
	// theirs, and its end ends theirs. nil is context.Background().
	Context context.Context
	// Grace bounds how long the end of Run waits for tasks that clean up and for
	// jobs of the default executor; zero is ten seconds (R4, E9).
	Grace time.Duration
	// HandleInterrupt lets Run and RunUntilComplete answer SIGINT (R6, R11).
	HandleInterrupt bool
}

// A Loop runs callbacks and tasks, one at a time (D1). Make one with [New].
// Methods may be called from any goroutine unless they say otherwise.
type Loop struct {
	clock Clock
	opts  Options
	base  context.Context
	wake  chan struct{} // holds one token; received by the sleeping loop

	mode  atomic.Uint32           // away, awake or asleep
	inbox atomic.Pointer[jobCore] // jobs that have run, the last one first

	mu        sync.Mutex // guards all that follows, and every future of the loop
	ready     []slot     // runs in the next turn
	readyBase uint64     // number of ready[0] in the order of all callbacks
	batch     []slot     // runs in this turn
	batchBase uint64
	next      int // place in batch that runs next; the running goroutine's own

	timers      timerHeap
	timerSeq    uint64
	spareTimers []*timer

	turns uint32
	tick  time.Duration // the clock when the running loop last looked at it
	lag   time.Duration // how late the last timer was

	needWake bool
	running  bool
	closed   bool
	stopping bool
	abortErr error
	hurry    atomic.Bool // abortErr is set: leave in the middle of the batch

	holds     int // Hold calls not yet released
	externals int // channels and signals that may wake the loop
	jobs      jobTable

	tasks      liveList
	spareLives []*live
	taskCount  uint32
	spareCoros []*coroutine
	walk       []*core
	unseen     unseenList
	handler    func(*Loop, ErrContext)
	closing    chan struct{} // closed by Close; made on first use
	signals    map[os.Signal]*signalWatch

	helpers sync.WaitGroup // goroutines the loop started
	current *core          // the task that runs; touched under the baton only
	dog     *watchdog      // of the run that is under way
	guard   runGuard       // the deadlock check of RunUntilComplete
}

// The modes of a loop tell who posts a job what to do about it.
const (
	away   uint32 = iota // nobody runs the loop
	awake                // it will look at the inbox before it sleeps
	asleep               // who makes it awake sends the token
)

// runGuard belongs to the goroutine that runs the loop.
type runGuard struct {
	deadlock bool // end the run when nothing can wake the loop
	found    error
}

// New makes a loop. It starts no goroutine. Close it when it is done with.
func New(opts Options) *Loop {
	l := &Loop{clock: opts.Clock, opts: opts, base: opts.Context, wake: make(chan struct{}, 1)}
	if l.clock == nil {
		l.clock = RealClock()
	}
	if l.base == nil {
		l.base = context.Background()
	}
	return l
}

// Time is the loop's clock: monotonic, with an arbitrary epoch (L12).
func (l *Loop) Time() time.Duration { return l.clock.Now() }

// Loop returns l: a Loop is a [Spawner].
func (l *Loop) Loop() *Loop { return l }

// RunForever runs the loop on the calling goroutine until Stop or Abort (L22).
// After Stop it returns nil, after Abort its error. It may be called again.
func (l *Loop) RunForever() error {
	if err := l.enter(); err != nil {
		return err
	}
	defer l.leave()
	return l.runTurns()
}

// Stop ends the run after the current batch of callbacks; what that batch
// scheduled waits for the next run (L19). Before RunForever it leaves exactly
// one turn (L20). Safe from any goroutine, also on a closed loop.
func (l *Loop) Stop() {
	l.mu.Lock()
	l.stopping = true
	l.needWake = true
	l.unlockAndWake()
}

// Abort ends the run with err as soon as the running callback or task step is
// over. Callbacks that were due stay queued, in order, for the next run (L18).
// Safe from any goroutine.
func (l *Loop) Abort(err error) {
	l.mu.Lock()
	if l.abortErr == nil {
		l.abortErr = err
	}
	l.hurry.Store(true)
	l.needWake = true
	l.unlockAndWake()
}

// IsRunning tells whether some goroutine runs the loop.
func (l *Loop) IsRunning() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.running
}

// IsClosed tells whether Close was called.
func (l *Loop) IsClosed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

// enter claims the loop for a run. A refused call changes nothing (L26).
func (l *Loop) enter() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return ErrLoopClosed
	case l.running:
		return ErrLoopRunning
	}
	l.running = true
	l.mode.Store(awake)
	l.tick = l.clock.Now()
	l.startWatchdog()
	return nil
}

func (l *Loop) leave() {
	l.mu.Lock()
	l.running, l.stopping = false, false
	l.mode.Store(away)
	l.guard = runGuard{}
	l.requeueRest() // what Abort, or Goexit in a callback, left behind
	l.takePosted()
	l.mu.Unlock()
	l.stopWatchdog()
}

// RunUntilComplete runs the loop on the calling goroutine until a is done and
// returns its result (L23). Callbacks that were queued before the completion
// run first. Errors of its own: [ErrLoopRunning], [ErrLoopClosed],
// [ErrForeignLoop], [ErrLoopStopped] when Stop came first (the future stays
// pending, L24), Abort's error, and a [DeadlockError] when nothing can ever
// wake the loop (L35). A Stop made while the loop did not run is forgotten (L21).
func RunUntilComplete[T any](l *Loop, a Awaitable[T]) (T, error) {
	f := a.future()
	if err := l.runUntil(&f.core, l.opts.HandleInterrupt); err != nil {
		var zero T
		return zero, err
	}
	return f.Result()
}

type stopHook struct {
	l    *Loop
	done bool
}

func (s *stopHook) run() {
	s.done = true
	s.l.Stop()
}

func (l *Loop) runUntil(f *core, interruptible bool) error {
	if f.l != l {
		return ErrForeignLoop
	}
	if err := l.enter(); err != nil {
		return err
	}
	defer l.leave()
	hook := &stopHook{l: l}
	l.mu.Lock()
	l.stopping = false
	f.addWaiter(hook)
	l.mu.Unlock()
	if interruptible {
		defer l.abortOnInterrupt()()
	}
	l.guard.deadlock = true
	err := l.runTurns()
	if f.status() != pending {
		if !hook.done {
			l.mu.Lock()
			f.removeWaiter(hook)
			l.mu.Unlock()
		}
		return err
	}
	l.mu.Lock()
	f.removeWaiter(hook)
	l.mu.Unlock()
	if err == nil {
		err = l.guard.found
	}
	if err == nil {
		err = ErrLoopStopped
	}
	return err
}

// Hold tells the loop that something outside will wake it, so that it neither
// reports a deadlock (L35) nor lets a VirtualClock jump (B5) until release is
// called. Use it around work on a goroutine of your own that ends in
// CallSoonThreadsafe or in setting a future. Both may be called from any
// goroutine; release is idempotent.
func (l *Loop) Hold() (release func()) {
	l.mu.Lock()
	l.holds++
	l.mu.Unlock()
	var once sync.Once
	return func() {
		once.Do(func() {
			l.mu.Lock()
			l.holds--
			l.needWake = true
			l.unlockAndWake()
		})
	}
}
