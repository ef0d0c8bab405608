#!/usr/bin/env bash
# Measures how much memory lists of several sizes and shapes take, and how fast
# they are read, with the command itself, and writes bench/frontier.md.
#
#   bench/frontier.sh [lines...]    10000 1000000 10000000 unless given
#
# SHAPES says which lists, of "apart sorted pipe mixed".
#
# No request leaves the machine, and none costs anything: each line is an address
# of 10.0.0.0/8, which -deny-private refuses before anything is dialled. So what
# is measured is the list, the engine and the records. It needs Go as in go.mod,
# python3, about 1.5 GB for lists in TMPDIR, and with ten million lines some
# fifteen minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -gt 0 ] || set -- 10000 1000000 10000000
for tool in go python3 awk; do
  command -v $tool >/dev/null || { echo "frontier.sh: $tool is not installed" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/crawl" .

# make SHAPE LINES writes a list: "sorted" and "mixed" have 1,000 hosts, "apart"
# has a host a line.
make() {
  awk -v shape="$1" -v n="$2" 'BEGIN {
    srand(1)
    for (i = 0; i < n; i++) {
      h = shape == "sorted" ? int(i * 1000 / n) : shape == "mixed" ? int(rand() * 1000) : i
      printf "http://10.%d.%d.%d/some/path/page-%d.html\n", h / 65536, h / 256 % 256, h % 256, i
    }
  }' >"$work/list"
}

# measure NAME LINES COMMAND prints a row of the table: the time, lines a second,
# and the peak of the command's resident memory.
measure() {
  echo "$1, $2 lines" >&2
  python3 - "$@" <<'PY'
import re, resource, subprocess, sys
name, lines, command = sys.argv[1:]
p = subprocess.run(["bash", "-c", command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
got = re.search(r"([\d,]+) lines in (.*) \(", p.stderr)
if p.returncode not in (1, 4) or not got or int(got[1].replace(",", "")) != int(lines):  # every line failed
    sys.exit(f"{command}: code {p.returncode}\n{p.stderr}")
used = resource.getrusage(resource.RUSAGE_CHILDREN)
rate = re.search(r"\(([\d,.]+)/s\)", p.stderr)[1]
scale = 1 if sys.platform == "darwin" else 1024
print(f"| {name} | {int(lines):,} | {got[2]} | {rate} | {(used.ru_utime + used.ru_stime) / int(lines) * 1e6:.1f} | {used.ru_maxrss * scale / 1e6:.0f} |")
PY
}

flags='-format jsonl -deny-private -robots=false -retries 0 -max-host-errors 0'
{
  echo "| list | lines | time | lines/s | CPU, µs a line | peak RSS, MB |"
  echo "| --- | ---: | ---: | ---: | ---: | ---: |"
  for n; do
    for shape in ${SHAPES:-apart sorted pipe mixed}; do
      make "${shape/pipe/sorted}" "$n"
      case $shape in
        apart) measure "a host a line" "$n" "$work/crawl $flags -urls $work/list" ;;
        pipe) measure "1,000 hosts, sorted, a pipe" "$n" "cat $work/list | $work/crawl $flags -host-rate 100/s -urls -" ;;
        *) measure "1,000 hosts, $shape" "$n" "$work/crawl $flags -host-rate 100/s -urls $work/list" ;;
      esac
    done
  done
} | tee "$work/table" >&2

echo "the reader alone" >&2
go test ./frontier/list -run '^$' -bench Read -benchtime 500000x | tee "$work/reader" >&2
go test ./frontier -run '^$' -bench Seen -benchtime 4000000x | tee -a "$work/reader" >&2
echo "a million lines in virtual time" >&2
CRAWL_LARGE=1 go test ./engine -run TestAMillionSortedLines -v -timeout 300s | tee "$work/virtual" >&2

{
  cat <<EOT
# Lists of any size, measured

Made by \`bench/frontier.sh $*\` on $(date -u +%F), on one machine:
$(uname -sm), $(nproc) × $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -1), $(go env GOVERSION).

## Memory

The command itself, with requests that cost nothing (\`-deny-private\` refuses
each address before anything is dialled) and every line's record written to
nowhere. \`-host-rate 100/s\` keeps the hosts of a sorted list busy, so that what
waits for them is passed over; in the pipe it waits in a temporary file. Ten
million lines of 1,000 hosts take 100 s at that rate by themselves.

EOT
  cat "$work/table"
  cat <<'EOT'

Target: ten million lines in under 300 MB.

## Speed

Lines are read, parsed and told from duplicates, leased and settled ("read"); a
request is looked up among those seen before ("Seen").

EOT
  awk '/^Benchmark/ { printf "- %s: %s ns", $1, $3; if ($4 == "ns/op" && $5 != "") printf " (%s %s)", $5, $6; print "" }' "$work/reader"
  cat <<'EOT'

## Politeness

A list of 1,000 hosts with 1,000 lines each, sorted by host, at `-host-rate 1/s`,
in virtual time:

EOT
  sed -n 's/^ *sorted_test.go:[0-9]*: /- /p' "$work/virtual"
} >bench/frontier.md
echo "bench/frontier.md is written" >&2
