// Package pool is a bounded executor: a fixed number of workers that run
// functions which block or compute, in the order of their submission.
//
// It is what package loop calls an executor, and fits its Executor interface by
// shape; neither imports the other. It is not a rate limiter and not a way to
// start unbounded goroutines: at most Options.Workers functions run at once,
// the rest is queued.
//
//	p := pool.New(pool.Options{Workers: 4})
//	defer p.Close()
//	job, err := p.Go(func(ctx context.Context) error { return work(ctx) })
//	...
//	err = job.Wait(ctx)
//
// # Who may call what
//
// Every method may be called from any goroutine, jobs included, with one
// exception: a job that waits for Shutdown, or for a job queued behind it,
// waits for itself.
//
// # What blocks and what it costs
//
// Submit and Go never block: the queue is unbounded, 16 bytes a function. Who
// produces faster than the workers consume must bound himself, as the engine
// does by its number of tasks in flight; a queue that blocked would stop the
// event loop that submits to it. Shutdown and Job.Wait block. A Submit costs a
// mutex and, when a worker is asleep, its wake-up; a worker is a goroutine of
// 2–8 KB, started when there is work and no idle worker, and kept until the
// pool closes. BenchmarkSubmit has the figures.
//
// # Decisions
//
// Workers are woken by a condition variable over one queue, not by a channel:
// a channel is bounded, and a pump goroutine before it costs a switch per job.
// Idle workers do not end after a while, because a crawl has no idle phases
// worth the timer. A panic in a function given to Submit has nobody to go to,
// so it goes to Options.OnPanic, or is kept and returned by Shutdown; it never
// ends the process, since jobs parse hostile input. A panic in a job made with
// Go is that job's error.
package pool
