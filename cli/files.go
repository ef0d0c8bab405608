package cli

import (
	"fmt"

	"crawl/engine"
)

// spareFiles are kept for lists, output, and what the runtime opens.
const spareFiles = 24

// fitFiles fits a run into the number of files that the process may open, so
// that "too many open files" is never told of a host (faults.md row 35): half of
// them at most for requests in flight, the rest for idle connections, with some
// room for dials that try both address families. It returns a notice if it had
// to lower the concurrency. A limit of 0 is no limit.
func fitFiles(e *engine.Options, limit int) (notice string) {
	if limit == 0 {
		return ""
	}
	usable := max(2, limit-spareFiles)
	if most := usable / 2; e.Concurrency > most {
		notice = fmt.Sprintf("only %d files may be open (ulimit -n): %d requests at once instead of %d", limit, most, e.Concurrency)
		e.Concurrency = most
	}
	e.Fetch.MaxIdle = max(1, usable-e.Concurrency-e.Concurrency/4)
	return notice
}
