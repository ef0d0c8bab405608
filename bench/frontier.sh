#!/usr/bin/env bash
# Measures lists of several sizes and shapes with the command itself: memory, time,
# what a resume costs, what kills cost; and the stores. Writes bench/frontier.md.
#
#   bench/frontier.sh [lines...]      10000 1000000 10000000 unless given
#   bench/frontier.sh check [lines]   what a submission must pass: as many records as
#                                     lines, in little memory; writes nothing
#
# SHAPES says which lists, of "apart sorted pipe mixed one".
#
# No request leaves the machine, and none costs anything: each line is an address
# of 10.0.0.0/8, which -deny-private refuses before anything is dialled. So what
# is measured is the list, the engine and the records. It needs Go as in go.mod and
# python3, and for ten million lines 2 GB in TMPDIR and some twenty minutes on a
# machine that does nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."

for tool in go python3 awk; do
  command -v $tool >/dev/null || { echo "frontier.sh: $tool is not installed" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/crawl" .

# list SHAPE LINES writes a list: "sorted" and "mixed" have 1,000 hosts, "apart" has
# a host a line, "one" has one.
list() {
  awk -v shape="$1" -v n="$2" 'BEGIN {
    srand(1)
    for (i = 0; i < n; i++) {
      h = shape == "sorted" ? int(i * 1000 / n) : shape == "mixed" ? int(rand() * 1000) : shape == "apart" ? i : 1
      printf "http://10.%d.%d.%d/some/path/page-%d.html\n", h / 65536, h / 256 % 256, h % 256, i
    }
  }' >"$work/list"
}

# measure NAME LINES RECORDS COMMAND prints a row of the table, once the command has
# written so many records; with LIMIT it must have taken fewer megabytes.
measure() {
  echo "$1, $2 lines" >&2
  python3 - "$@" <<'PY'
import os, subprocess, sys, time
name, lines, want, command = sys.argv[1:]
lines, want = int(lines), int(want)
began = time.monotonic()
count = subprocess.Popen(["wc", "-l"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
run = subprocess.Popen(["bash", "-c", command], stdout=count.stdin, stderr=subprocess.PIPE, text=True)
count.stdin.close()
said = run.stderr.read()
_, status, used = os.wait4(run.pid, 0)
took, records = time.monotonic() - began, int(count.stdout.read())
peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
if os.waitstatus_to_exitcode(status) not in (1, 4) or records != want:  # every line failed
    sys.exit(f"{command}: {records} records, want {want}; {said}")
cpu = (used.ru_utime + used.ru_stime) / lines * 1e6
print(f"| {name} | {lines:,} | {took:.1f} s | {lines / took:,.0f} | {cpu:.1f} | {peak:.0f} |", flush=True)
if peak > float(os.environ.get("LIMIT", "inf")):
    sys.exit(f"{command}: {peak:.0f} MB, and {os.environ['LIMIT']} are allowed")
PY
}

# table SHAPES LINES... prints the table of memory.
table() {
  local flags='-format jsonl -deny-private -robots=false -retries 0 -max-host-errors 0' shape n
  local crawl="exec $work/crawl $flags"
  echo "| list | lines | time | lines/s | CPU, µs a line | peak RSS, MB |"
  echo "| --- | ---: | ---: | ---: | ---: | ---: |"
  for n in "${@:2}"; do
    for shape in $1; do
      list "${shape/pipe/sorted}" "$n"
      case $shape in
        apart) measure "a host a line" "$n" "$n" "$crawl -urls $work/list" ;;
        pipe) measure "1,000 hosts, sorted, a pipe" "$n" "$n" "cat $work/list | $work/crawl $flags -host-rate 100/s -urls -" ;;
        one)
          measure "one host" "$n" "$n" "$crawl -urls $work/list"
          measure "one host, with -state" "$n" "$n" "$crawl -urls $work/list -state $work/state"
          measure "the same again: all is done" "$n" 0 "$crawl -urls $work/list -state $work/state"
          rm -r "$work/state"
          ;;
        *) measure "1,000 hosts, $shape" "$n" "$n" "$crawl -host-rate 100/s -urls $work/list" ;;
      esac
    done
  done
}

if [ "${1:-}" = check ]; then
  LIMIT=300 table "${SHAPES:-sorted one}" "${2:-1000000}"
  exit
fi
[ $# -gt 0 ] || set -- 10000 1000000 10000000
began="$(date -u +%F), load $(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo unknown)"

table "${SHAPES:-apart sorted pipe mixed one}" "$@" | tee "$work/table" >&2

echo "kills" >&2
go test -count=1 -v -run '^TestKilledAnywhere' . >"$work/kills"
echo "the reader and the stores" >&2
go test ./frontier/list -run '^$' -bench Read -benchtime 500000x | tee "$work/reader" >&2
go test ./frontier -run '^$' -bench Seen -benchtime 4000000x | tee -a "$work/reader" >&2
go test ./frontier/memory ./frontier/sqlite -run '^$' -bench Store -benchtime 200000x | tee "$work/stores" >&2
echo "a million lines in virtual time" >&2
CRAWL_LARGE=1 go test ./engine -count=1 -run TestAMillionSortedLines -v -timeout 300s | tee "$work/virtual" >&2

# rows prints the rows of a table of benchmarks; those of a store have its name.
rows() {
  awk '/^pkg:/ { n = split($2, path, "/"); store = path[n] }
    /^Benchmark/ {
      sub(/-[0-9]+$/, "", $1); sub(/^Benchmark/, "", $1); gsub(/_/, " ", $1)
      printf "| %s, %s | %d |\n", store, $1, 1e9 / $3
    }' "$@"
}

{
  cat <<EOT
# Lists of any size, measured

Made by \`bench/frontier.sh $*\` on $began at its start, on one machine:
$(uname -sm), $(nproc) × $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -1), $(go env GOVERSION).

## Memory and time

The command itself, with requests that cost nothing (\`-deny-private\` refuses
each address before anything is dialled) and its records counted: as many as lines.
\`-host-rate 100/s\` keeps the 1,000 hosts of a list busy, so that what waits for
them is passed over; in the pipe it waits in a temporary file. A million lines of
1,000 hosts take 10 s at that rate by themselves. What is all done is read, told
from what is new, and nothing else.

EOT
  cat "$work/table"
  cat <<'EOT'

Target: ten million lines in under 300 MB. `bench/frontier.sh check` holds a million
to that bound whenever a change is submitted.

## Kills

The same command, 20 times killed by kill -9 at any instant and then left alone, on a
list of 700 lines and on a site of 900 pages that is crawled (`-depth`), with `-c 8`
(`go test -v -run '^TestKilledAnywhere' .`). No line or page was lost and no record
torn, or the test would have failed; nor was one doubled, but on standard output, where
the table says how many. The limit is 16 requests a kill. Some pages break their
connection, and are counted each time that they are asked again.

| output | requests repeated |
| --- | ---: |
EOT
  awk '/^=== (NAME|RUN|CONT)/ { name = ($3 ~ /ACrawl/ ? "a crawl " : "a list ") $3; sub(/Test.*\//, "", name); gsub(/_/, " ", name) }
    /were repeated/ { print "| " name " | " $2 " of " $4 " |" }
    /came twice/ { print "| " name ", records that came twice | " $2 " |" }' "$work/kills" | sort -u
  cat <<'EOT'

## Speed

By the second. "Read": lines are read, parsed and told from duplicates, leased and
settled. "Seen": a request is looked up among those seen before; the standard
library's map is there for comparison. "Store": links put, known ones put again,
links claimed, settled and given back ([stores.md](stores.md) says more).

| | a second |
| --- | ---: |
EOT
  rows "$work/reader" "$work/stores"
  cat <<'EOT'

## Politeness

A list of 1,000 hosts with 1,000 lines each, sorted by host, at `-host-rate 1/s`,
in virtual time:

EOT
  sed -n 's/^ *sorted_test.go:[0-9]*: /- /p' "$work/virtual"
} >bench/frontier.md
echo "bench/frontier.md is written" >&2
