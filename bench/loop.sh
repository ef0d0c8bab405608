#!/usr/bin/env bash
# Measures loop and pool beside ants, pond, conc, asyncio and uvloop, on this
# machine in one run of about five minutes, and writes bench/loop.md.
#
#   bench/loop.sh [count]      count: runs of each benchmark, 5 unless given
#
# It needs Go as in go.mod, python3 with uvloop (Debian: apt-get install
# python3 python3-uvloop), 5 GB of free memory for the million tasks, and, the
# first time, the network for the three Go modules. As root it runs everything
# with a better priority (nice -n -10), so that other programs disturb less.
set -euo pipefail
cd "$(dirname "$0")/.."

count=${1:-5}
python=/usr/bin/python3
[ -x "$python" ] || python=python3
command -v go >/dev/null || { echo "loop.sh: go is not installed" >&2; exit 1; }
"$python" -c 'import uvloop' 2>/dev/null || {
  echo "loop.sh: $python has no uvloop: apt-get install python3-uvloop" >&2
  exit 1
}
polite=
[ "$(id -u)" = 0 ] && polite='nice -n -10'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cpus=1
[ "$(nproc)" -gt 1 ] && cpus=1,$(nproc)

echo "building" >&2
go test -c -o "$work/loop" ./loop
go test -c -o "$work/pool" ./pool
(cd bench/loop && go test -c -o "$work/peers" .)

# go NAME FLAGS... runs one of the three with what they share.
bench() {
  local name=$1
  shift
  echo "$name $*" >&2
  $polite timeout 300 "$work/$name" -test.run '^$' "$@" | tee -a "$work/out" >&2
}

# The counts are spread over rounds, so that a disturbance hits one run of each
# benchmark and not all runs of one.
for ((i = 0; i < count; i++)); do
  bench loop -test.short -test.cpu "$cpus" -test.benchtime 0.1s \
    -test.bench 'CallSoon|Switch|SpawnAwait|Executor|Timer/add|Gather'
  bench loop -test.cpu "$cpus" -test.benchtime 3x -test.bench 'WaitInALoop'
  bench pool -test.cpu "$cpus" -test.benchtime 0.1s -test.bench .
  bench peers -test.cpu "$cpus" -test.benchtime 0.1s -test.bench .
done
bench loop -test.cpu 1 -test.benchtime 1x -test.bench 'SuspendedTasks'
for kind in asyncio uvloop; do
  echo "$kind" >&2
  $polite timeout 300 "$python" bench/loop/asyncio_bench.py "$kind" "$count" | tee -a "$work/out" >&2
done

{
  echo "machine: $(uname -sm), $(nproc) × $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -1)"
  echo "date: $(date -u +%F)"
  echo "command: bench/loop.sh $count"
  echo "Go: $(go env GOVERSION)"
  (cd bench/loop && go list -m -f '{{.Path}}: {{.Version}}' github.com/panjf2000/ants/v2 \
    github.com/alitto/pond/v2 github.com/sourcegraph/conc)
  "$python" -c 'import sys, uvloop; print(f"Python: {sys.version.split()[0]}\nuvloop: {uvloop.__version__}")'
} >"$work/facts"
"$python" bench/loop/report.py "$work/out" "$work/facts" >"$work/loop.md"
mv "$work/loop.md" bench/loop.md
echo "bench/loop.md is written" >&2
