"""The operations of loop/bench_test.go in asyncio or uvloop.

usage: asyncio_bench.py asyncio|uvloop [count]

Writes lines as `go test -bench` does: name, iterations, ns per op.
"""

import asyncio
import gc
import sys
import threading
import time

KIND = sys.argv[1]
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 1
IN_FLIGHT = 1000
WORKING = 0.15  # seconds per measurement, about

if KIND == "uvloop":
    import uvloop

    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())


def report(name, n, seconds, unit="ns/op"):
    print(f"Benchmark{name}/{KIND} {n} {seconds / n * 1e9:.1f} {unit}", flush=True)


async def measure(name, fn, batch=1):
    """fn(n) does the operation n times and returns the seconds that it took."""
    n = batch
    while True:
        took = await fn(n)
        if took >= WORKING / 4:
            break
        n *= 4
    n = max(batch, int(n * WORKING / took) // batch * batch)
    for _ in range(COUNT):
        report(name, n, await fn(n))


def nothing():
    pass


async def call_soon(n):
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    left = n

    def feed():
        nonlocal left
        some = min(left, 1000)
        left -= some
        for _ in range(some):
            loop.call_soon(nothing)
        if left:
            loop.call_soon(feed)
        else:
            done.set_result(None)

    start = time.perf_counter()
    loop.call_soon(feed)
    await done
    return time.perf_counter() - start


async def call_soon_threadsafe(n):
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    producers = 8
    left = n // producers * producers

    def count():
        nonlocal left
        left -= 1
        if left == 0:
            done.set_result(None)

    def produce():
        for _ in range(n // producers):
            loop.call_soon_threadsafe(count)

    threads = [threading.Thread(target=produce) for _ in range(producers)]
    start = time.perf_counter()
    for t in threads:
        t.start()
    await done
    took = time.perf_counter() - start
    for t in threads:
        t.join()
    return took


async def switch(n):
    start = time.perf_counter()
    for _ in range(n):
        await asyncio.sleep(0)
    return time.perf_counter() - start


async def one():
    return 1


async def spawn_await(n):
    start = time.perf_counter()
    for _ in range(n):
        await asyncio.create_task(one())
    return time.perf_counter() - start


async def spawn_await_many(n):
    start = time.perf_counter()
    for _ in range(n // IN_FLIGHT):
        for t in [asyncio.create_task(one()) for _ in range(IN_FLIGHT)]:
            await t
    return time.perf_counter() - start


def job():
    return 1


async def executor(n):
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    for _ in range(n):
        await loop.run_in_executor(None, job)
    return time.perf_counter() - start


async def executor_many(n):
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    for _ in range(n // IN_FLIGHT):
        for f in [loop.run_in_executor(None, job) for _ in range(IN_FLIGHT)]:
            await f
    return time.perf_counter() - start


async def whole(n):
    loop = asyncio.get_running_loop()

    async def body():
        return await loop.run_in_executor(None, job)

    def callback(_):
        pass

    start = time.perf_counter()
    for _ in range(n // IN_FLIGHT):
        ts = [asyncio.create_task(body()) for _ in range(IN_FLIGHT)]
        for t in ts:
            t.add_done_callback(callback)
        for t in ts:
            await t
    return time.perf_counter() - start


async def timer(n):
    loop = asyncio.get_running_loop()
    now = loop.time()
    live = [loop.call_at(now + 3600 + i * 7919 % 10_000, nothing) for i in range(10_000)]
    start = time.perf_counter()
    for i in range(n):
        loop.call_at(now + 3600 + i * 104729 % 10_000, nothing).cancel()
    took = time.perf_counter() - start
    for h in live:
        h.cancel()
    await asyncio.sleep(0)
    return took


async def parked(n):
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in range(n)]

    async def body(f):
        return await f

    tasks = [asyncio.create_task(body(f)) for f in futures]
    await asyncio.sleep(0)
    order = iter([futures[i * 7919 % n] for i in range(n)])

    def end_one():
        f = next(order, None)
        if f is not None:
            f.set_result(1)

    return tasks, end_one


async def wait_in_a_loop(n, rounds):
    """The first rounds of the loop over n tasks."""
    pending, end_one = await parked(n)
    start = time.perf_counter()
    for _ in range(rounds):
        end_one()
        _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
    took = time.perf_counter() - start
    for t in pending:
        t.cancel()
    if pending:
        await asyncio.wait(pending)
    return took


async def as_completed(n):
    tasks, end_one = await parked(n)
    start = time.perf_counter()
    end_one()
    for f in asyncio.as_completed(tasks):
        await f
        end_one()
    return time.perf_counter() - start


async def gather(n):
    start = time.perf_counter()
    await asyncio.gather(*[asyncio.create_task(one()) for _ in range(n)])
    return time.perf_counter() - start


def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * 4096


async def suspended(n):
    gc.collect()
    before = resident()
    tasks = [asyncio.create_task(asyncio.sleep(3600)) for _ in range(n)]
    await asyncio.sleep(0)
    gc.collect()
    print(f"BenchmarkSuspendedTasks/{n}/{KIND} 1 {(resident() - before) / n:.0f} B/task", flush=True)
    for t in tasks:
        t.cancel()
    await asyncio.wait(tasks)


async def main():
    for n in 10_000, 1_000_000:  # first, while the heap is small
        await suspended(n)
    await measure("CallSoon", call_soon)
    await measure("CallSoonThreadsafe", call_soon_threadsafe, 20_000)
    await measure("Switch", switch)
    await measure("SpawnAwait/one_by_one", spawn_await)
    await measure("SpawnAwait/a_thousand_in_flight", spawn_await_many, IN_FLIGHT)
    await measure("Executor/one_by_one", executor)
    await measure("Executor/round_trip,_a_thousand_in_flight", executor_many, IN_FLIGHT)
    await measure("Executor/spawn,_job,_await,_callback,_a_thousand_in_flight", whole, IN_FLIGHT)
    await measure("Timer/add_and_cancel,_10000_live", timer)
    for n in 100, 1000:
        for _ in range(COUNT):
            report(f"WaitInALoop/Wait/{n}", n, await wait_in_a_loop(n, n), "ns/task")
    # All of it would take minutes: the cost of a round falls in a straight
    # line with the number that is left, so half that of the first ones is the mean.
    took = await wait_in_a_loop(10_000, 100)
    report("WaitInALoop/Wait/10000", 100, took / 2, "ns/task")
    for n in 100, 1000, 10_000:
        for _ in range(COUNT):
            report(f"WaitInALoop/AsCompleted/{n}", n, await as_completed(n), "ns/task")
    for _ in range(COUNT):
        report("Gather/10000", 10_000, await gather(10_000), "ns/task")


asyncio.run(main())
