"""Makes bench/loop.md of benchmark output and facts; bench/loop.sh calls it.

usage: report.py OUTPUT FACTS
"""

import re
import statistics
import sys

LINE = re.compile(r"^(Benchmark\S+?)(?:-(\d+))?\s+\d+\s+(.*)$")

EXECUTOR = "Executor/round_trip,_a_thousand_in_flight"

# Title, what an op is, name in loop/bench_test.go, target (ns, text), other rows.
OPERATIONS = [
    ("call_soon", "A callback queued from the loop and run, a thousand a turn.",
     "CallSoon", 20, "≤ 20 ns, 0 allocations", []),
    ("call_soon_threadsafe", "A callback queued by one of 8 other goroutines (threads in Python) and run, in bursts of 80,000.",
     "CallSoonThreadsafe", 90, "20–90 ns", []),
    ("Coroutine switch", "`Yield`, `await sleep(0)`: from a task to the loop and back.",
     "Switch", None, "80 ns is the bare switch of iter.Pull; no target of its own", []),
    ("Spawn and await, one by one", "", "SpawnAwait/one_by_one", 400, "≤ 400 ns, ≤ 64 B", []),
    ("Spawn and await, 1,000 in flight", "", "SpawnAwait/a_thousand_in_flight", 400, "≤ 400 ns, ≤ 64 B", []),
    ("Executor round trip, one by one",
     "A job that returns 1 is given to the workers and its result waited for.",
     "Executor/one_by_one", 600, "≤ 600 ns", [
         ("loop on pool", "LoopOnPool/1"), ("pool alone, WaitGroup", "OneByOne/pool"),
         ("pool alone, Job.Wait", "OneByOne/pool_with_jobs"), ("ants, WaitGroup", "OneByOne/ants"),
         ("pond", "OneByOne/pond"), ("conc", "OneByOne/conc")]),
    ("Executor round trip, 1,000 in flight", "", EXECUTOR, 600, "≤ 600 ns", [
        ("loop on pool", "LoopOnPool/1000"), ("pool alone, WaitGroup", "InFlight/pool"),
        ("pool alone, Job.Wait", "InFlight/pool_with_jobs"), ("ants, WaitGroup", "InFlight/ants"),
        ("pond", "InFlight/pond"), ("conc", "InFlight/conc")]),
    ("Spawn, executor job, await, done callback; 1,000 in flight", "",
     "Executor/spawn,_job,_await,_callback,_a_thousand_in_flight", 502,
     "near the prototype's 312 (one processor) and 502 ns (two)", []),
    ("Timer add and cancel, 10,000 live", "", "Timer/add_and_cancel,_10000_live", 100, "≤ 100 ns", []),
    ("Wait FIRST_COMPLETED in a loop, 100 tasks",
     "One task ends, Wait returns it, Wait is called with the rest, until none is left; per task.",
     "WaitInALoop/Wait/100", None, "", []),
    ("Wait FIRST_COMPLETED in a loop, 1,000 tasks", "", "WaitInALoop/Wait/1000", None, "", []),
    ("Wait FIRST_COMPLETED in a loop, 10,000 tasks", "", "WaitInALoop/Wait/10000", None,
     "not quadratic", []),
    ("as_completed, 100 tasks", "The same with AsCompleted.", "WaitInALoop/AsCompleted/100", None, "", []),
    ("as_completed, 10,000 tasks", "", "WaitInALoop/AsCompleted/10000", None, "flat", []),
    ("gather of 10,000", "Tasks made, run and gathered; per task.", "Gather/10000", None, "", []),
    ("pool: Submit", "A function queued and run; the queue may grow meanwhile.", None, None, "", [
        ("pool, one producer", "Submit/one_producer"), ("pool, eight producers", "Submit/eight_producers")]),
]


def read(path):
    """Medians by (name, processors) and unit."""
    runs, order = {}, []
    with open(path, encoding="utf-8") as f:
        for line in f:
            m = LINE.match(line)
            if not m:
                continue
            key = m[1].removeprefix("Benchmark"), int(m[2] or 1)
            fields = m[3].split()
            if key not in runs:
                order.append(key)
            for value, unit in zip(fields[::2], fields[1::2]):
                runs.setdefault(key, {}).setdefault(unit, []).append(float(value))
    return {key: {u: statistics.median(v) for u, v in units.items()} for key, units in runs.items()}


def time_of(units):
    return units.get("ns/task", units.get("ns/op")) if units else None


def number(x):
    if x is None:
        return "–"
    if x >= 1000:
        return f"{x:,.0f}"
    return f"{x:.0f}" if x >= 100 else f"{x:.1f}" if x else "0"


def rows(medians, procs, ours, others):
    """Label and one cell per column of every row that was measured."""
    named = ([("loop", ours)] if ours else []) + others
    if ours:
        named += [("asyncio", ours + "/asyncio"), ("uvloop", ours + "/uvloop")]
    for label, name in named:
        found = [medians.get((name, p)) for p in procs]
        if not any(found):
            continue
        last = next(u for u in reversed(found) if u)
        per_op = "ns/task" not in last  # the others count a whole round of tasks
        yield [label, *(number(time_of(u)) for u in found),
               number(last.get("B/op")) if per_op else "–", number(last.get("allocs/op")) if per_op else "–"]


def table(head, body):
    print("| " + " | ".join(head) + " |")
    print("|" + " --- |" + " ---: |" * (len(head) - 1))
    for row in body:
        print("| " + " | ".join(row) + " |")
    print()


def verdict(medians, procs, name, limit):
    found = [(p, time_of(medians.get((name, p)))) for p in procs]
    return "; ".join(f"{'met' if t <= limit else 'missed'} with {number(t)} ns at GOMAXPROCS={p}"
                     for p, t in found if t is not None)


def main():
    medians = read(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as f:
        facts = dict(line.strip().split(": ", 1) for line in f)
    procs = sorted({p for _, p in medians})
    count = facts["command"].split()[-1]
    versions = [f"{name.removeprefix('github.com/')} {v}" for name, v in facts.items()
                if name not in ("machine", "date", "command")]
    print(f"""# The loop and the pool, measured

Made by `{facts['command']}` on {facts['date']}, in one run on one machine:
{facts['machine']}.
Versions: {', '.join(versions)}.

Each figure is the median of {count} runs, in ns per operation, of Go programs with
GOMAXPROCS={' and '.join(map(str, procs))}, and of asyncio and uvloop with their one loop thread (their
figure is in the first column). B and allocations per operation are those of the
last column of times. A run on a busy machine differs by a third from the next.
""")
    for title, what, name, limit, target, others in OPERATIONS:
        body = list(rows(medians, procs, name, others))
        if not body:
            continue
        print(f"## {title}\n")
        if what:
            print(what + "\n")
        table(["", *(f"ns, GOMAXPROCS={p}" for p in procs), "B", "allocs"], body)
        if limit:
            print(f"Target: {target}: {verdict(medians, procs, name, limit)}.\n")
        elif target:
            print(f"Target: {target}.\n")
    print("## Memory of a suspended task\n\nB per task; a task that sleeps.\n")
    table(["", "10,000 tasks", "1,000,000 tasks"], memory(medians))
    print(NOTES, end="")


def memory(medians):
    for label, suffix, unit in [("loop, heap and stacks", "", "B/task"), ("loop, taken from the system", "", "B/task-sys"),
                                ("asyncio, resident", "/asyncio", "B/task"), ("uvloop, resident", "/uvloop", "B/task")]:
        yield [label, *(number(medians.get((f"SuspendedTasks/{n}{suffix}", 1), {}).get(unit))
                        for n in (10_000, 1_000_000))]


NOTES = """Target: ≤ 4,096 B in heap and stacks, also with a million.

## What is not comparable, and what to read with care

- ants, pond and conc have no loop, no tasks and no cancellation of a single
  job: their figure is a job and its result, taken by the goroutine that
  submitted it. "loop" adds a future, an await on the loop and the job's place
  in the loop's books; "pool alone, WaitGroup" is what compares with ants, and
  "pool alone, Job.Wait" (a context, a channel and a cancel of its own per job)
  with pond. conc makes a new pool for each batch, as it is meant to be used;
  one by one that is a goroutine per job.
- All of them have min(32, CPUs + 4) workers, the default of loop and asyncio.
- One by one measures two hand-overs between sleeping threads of the Go runtime
  (or of Python) more than it measures any of these packages.
- asyncio and uvloop run under the interpreter's lock; their eight producers
  are threads that take turns.
- Wait over 10,000 tasks with asyncio and uvloop is not run to its end, which
  would take minutes: it is half the mean of the first 100 rounds, because the
  cost of a round falls in a straight line with the number of tasks left.
- The memory of the loop is what the Go runtime counts, of Python what the
  process has resident; a suspended task of loop has a goroutine's stack, which
  is 2 KB at least, where Python has a frame object.
- The times of gather and of the loops over Wait are per task; the creation of
  the tasks is part of gather's and not of the others'.
- What misses its target: the round trip one by one, the whole life of a task
  with a job, and calls from eight goroutines on two processors. One by one the
  two hand-overs alone cost most of it, as the figures of pool and ants without
  any loop show. The whole life holds a thousand coroutines and 400 B per task in
  flight, so that the garbage collector scans a thousand stacks every ten
  thousand tasks; on two processors every job also crosses between their caches
  twice.
- Wait in a loop still compares and moves the pointers of all pending tasks once
  per call: little up to a thousand, most of the cost at ten thousand.
  AsCompleted grows only with the memory that the tasks take.
"""

main()
