// Package loop is an event loop with the names and promises of asyncio, for Go:
// callbacks, timers, futures, tasks that are coroutines, gather, wait, timeouts,
// task groups, queues, an executor for what blocks, and a virtual clock on which
// hours pass in microseconds.
//
//	sum, err := loop.Run(ctx, func(c *loop.Ctx) (int, error) {
//		a := loop.CreateTask(c, func(c *loop.Ctx) (int, error) { return 1, loop.Sleep(c, time.Second) })
//		b := loop.CreateTask(c, func(c *loop.Ctx) (int, error) { return 2, loop.Sleep(c, time.Second) })
//		both, err := loop.Await(c, loop.Gather(c.Loop(), a, b)) // after one second, not two
//		if err != nil {
//			return 0, err
//		}
//		return both[0] + both[1], nil
//	})
//
// It is not a scheduler for CPU work (one loop uses one core: give heavy work to
// an [Executor]), not an I/O poller (Go's runtime has one: block in the executor
// or on a goroutine of your own and come back with CallSoonThreadsafe), and no
// replacement for goroutines where no order and no shared state is wanted.
//
// # From asyncio to here
//
//	asyncio.run(main())                 Run(ctx, main)
//	asyncio.Runner                      NewRunner, RunIn, Runner.Close
//	await coro()                        fn(c): an ordinary call
//	await fut                           Await(c, fut)
//	create_task(coro(), name=n)         CreateTask(c, fn, n)
//	current_task(), all_tasks()         the *Ctx, Loop.AllTasks
//	sleep(d), sleep(0)                  Sleep(c, d), Yield(c)
//	gather(*aws)                        Gather(l, aws...)
//	gather(return_exceptions=True)      GatherResults(l, aws...)
//	wait(aws, return_when=w)            Wait(c, aws, w), WaitTimeout
//	as_completed(aws)                   for r := range AsCompleted(c, aws...)
//	wait_for(aw, d), timeout(d)         WaitFor(c, aw, d), Timeout(c, d, fn)
//	shield(aw)                          Shield(aw)
//	async with TaskGroup() as g         WithTaskGroup(c, fn)
//	run_in_executor(ex, f), to_thread   RunInExecutor(l, ex, f)
//	run_coroutine_threadsafe            CreateTask from any goroutine, Task.WaitContext
//	fut.done()                          Future.Done; for select: Future.DoneChan
//
// New here: [Map] and [MapOrdered] (a bounded number of tasks over an endless
// input), [WaitSet] (a set that tasks join while somebody waits), Ctx.Shielded
// (cleanup that may suspend), [VirtualClock], [Loop.Hold], Queue.Close.
//
// # Who may call what from where
//
// The functions that take a *Ctx suspend its task. They must be called in the
// body of that task, on the goroutine that the body runs on; elsewhere they
// return [ErrNotInTask], as far as that can be told: Go does not say which
// goroutine calls, so a call from another one just while the body runs is not
// noticed. Everything else may be called from any goroutine and
// does not block, but for RunForever, RunUntilComplete, Run, RunIn, CancelAll
// and Close, which run or end the loop on the goroutine that calls them, and
// WaitContext, which blocks an ordinary goroutine.
//
// Between two suspensions a task has the loop to itself (L36): state that only
// tasks and callbacks of one loop touch needs no lock. For the same reason
// nothing in a task may block: while it does, nothing else runs. Options.SlowCallback
// reports who does, with the stack, while it happens.
//
// A goroutine of your own that will wake the loop should take a [Loop.Hold]
// first: the loop then neither calls a wait for it a deadlock nor lets a virtual
// clock run ahead of it.
//
// # Cancellation
//
// Task.Cancel closes the task's context, cancels what the task awaits, and makes
// that suspension and every later one return a [CancelError], until Uncancel. A
// body that wants to go on says so with c.Uncancel(); one that returns a value
// after a suspension told it of the cancel has that value; one that never
// suspended is cancelled all the same. Cleanup that must suspend goes into
// c.Shielded(limit, fn). What need not suspend works all the same: awaiting what
// is done, taking from a queue that holds something. Errors that nobody can get any more go to the exception
// handler: panics at once, late errors of jobs and gathers, and, at Close or at
// [Loop.ReportUnseen], errors of tasks that nobody looked at.
//
// # Decisions
//
// D1, one loop is one logical thread. A task sits on a coroutine of iter.Pull,
// and coroutines are reused: a switch costs 80 ns against 450 for a channel
// hand-off. Not taken: a goroutine per task with a baton (five times slower),
// and state machines (faster still, but then nobody writes straight-line code).
// One mutex guards the queue and every future of a loop, uncontended unless
// other goroutines call in. Not taken: a lock-free inbox beside an unlocked
// queue; it saves ten nanoseconds and splits the API into safe and unsafe
// halves, the very trap of call_soon against call_soon_threadsafe (L15). Jobs
// alone come back by an inbox apart from the mutex, because they come one per
// job and from other cores; so the future of a job is done from the loop's next
// turn on, never in the middle of a step, as in asyncio, and at once if nobody
// runs the loop. Before it sleeps, a loop with jobs out gives way to the
// workers once: often they are done sooner than a sleep and a wake-up are. The
// goroutine that runs the loop must not be locked to an OS thread in one run
// and unlocked in another: iter.Pull forbids it.
//
// D2, a body is func(c *Ctx) (T, error), and generic verbs are functions, since
// methods cannot have type parameters. *Ctx is a context.Context whose real
// context is made only if somebody asks. Not taken: goroutine-local state by
// parsing stacks; plain context.Context arguments, which would let a task await
// with somebody else's identity.
//
// D3, cancellation is an error value, one instance for everybody it reaches, with
// cause and origin. It is a context.Canceled to errors.Is; but a bare
// context.Canceled of some other context is a failure, not a cancellation (T19).
//
// D4, cancellation is level-triggered, as in trio: in Go an ignored err would
// swallow an edge. A suspension that fails for a cancel costs a turn from the
// second one on, so that a body that ignores it starves nobody, and Close unwinds
// one that never heeds it. Not taken: an EdgeCancel option; two meanings of the same
// line of code are worse than either.
//
// D5, a panic is recovered on the coroutine, with its stack, reported at once and
// returned to the awaiter. Not taken: errgroup's first way of re-panicking in
// Wait, which hides the panic if nobody waits.
//
// D6, runtime.Goexit in a task ends that task with [ErrGoexit]: the coroutine
// gives the baton back first and is unwound on another goroutine, so t.FailNow
// does not take the loop with it. In a callback it ends the goroutine that runs
// the loop, as it would anywhere; the loop can be run again.
//
// Further: Wait(FirstCompleted) in a loop over its own pending slice reuses the
// hooks and the slice of the call before, so that the idiom is not quadratic in
// hooks as in asyncio; AsCompleted and WaitSet cost the same per completion
// whatever the number of members. A callback handle is a place in the queue, not
// an object, so CallSoon allocates nothing. Unseen errors are kept in a bounded
// list and not by finalizers: reports come in a fixed order. FromChan and signal
// handlers count as something that may wake the loop, but do not stop a virtual
// clock; jobs and holds do both. Without any of them a RunUntilComplete that
// cannot end is a [DeadlockError] with the names of the parked tasks; a loop
// whose Context, or a Run whose ctx, can end is never called deadlocked.
//
// # The spec's rows
//
// The ids in comments (L1, T5, G7 …) are rows of a table of promises, each of
// which is a test: TestSpec/L1 and so on. TestSpec holds every M and S row but for
// these:
//
//	L27  NA: a goroutine cannot be asked which loop it runs
//	L32  NA: every scheduling call is legal everywhere; suspending off the task is ErrNotInTask
//	L33  NA: a compile-time matter; a nil callback panics at the call
//	F17  NA but for nil: SetError(nil) is refused
//	T22, T24  names are in errors, dumps and reports; not pprof labels: setting
//	     them at every switch would cost as much as the switch
//	T28  Abort has asyncio's rank of KeyboardInterrupt; panics follow D5
//	T29, T30, T31, W2, K10, E11, E13  NA, as the spec says
//	X10  Reset is the scope's, not the Ctx's
//	R8   the second SIGINT meets the default disposition; if the program itself
//	     has called signal.Notify for it, that decides
package loop
