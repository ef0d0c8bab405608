package cli

import (
	"fmt"

	"crawl/engine"
)

const (
	// spareFiles are kept for lists, output, and what the runtime opens.
	spareFiles = 24
	// savingFiles are what a parser opens at once to save a body: the file, or
	// the directories on the way to it.
	savingFiles = 3
)

// fitFiles fits a run into the number of files that the process may open, so
// that "too many open files" is never told of a host (faults.md row 35): half of
// them at most for requests in flight, the rest for idle connections, with some
// room for dials that try both address families. It returns a notice if it had
// to lower the concurrency. A limit of 0 is no limit. Where bodies are saved, the
// parsers have a quarter at most: without a file for a body the run would end.
func fitFiles(e *engine.Options, limit int, saving bool) (notice string) {
	if limit == 0 {
		return ""
	}
	usable := max(2, limit-spareFiles)
	if saving {
		e.Parsers = max(1, min(e.Parsers, usable/4/savingFiles))
		usable = max(2, usable-e.Parsers*savingFiles)
	}
	if most := usable / 2; e.Concurrency > most {
		notice = fmt.Sprintf("only %d files may be open (ulimit -n): %s at once instead of %d", limit, requests(most), e.Concurrency)
		e.Concurrency = most
	}
	e.Fetch.MaxIdle = max(1, usable-e.Concurrency-e.Concurrency/4)
	return notice
}

func requests(n int) string {
	if n == 1 {
		return "1 request"
	}
	return fmt.Sprintf("%d requests", n)
}
