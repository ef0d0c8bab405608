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
	// archivingFiles are what a request has open that is archived: its socket, and
	// temporary files of a large body and of its records.
	archivingFiles = 3
	// leastFiles is what one request at a time needs: standard streams, what the
	// runtime opens, a list, -o, -save and -state, the sockets of a look-up or of a
	// connection, an idle one, and two temporary files (of a sorted list, and of
	// records that wait for their turn).
	leastFiles = 20
)

// fitFiles fits a run into the number of files that the process may open, so
// that "too many open files" is never told of a host (faults.md row 35): half of
// them at most for requests in flight, the rest for idle connections, with some
// room for dials that try both address families. It returns a notice if it had
// to lower the concurrency, and an error where a run would wait for ever for files
// that it has open itself. A limit of 0 is no limit. All of the lists are open from
// the start. Where bodies are saved, the parsers have a quarter at most: without a
// file for a body the run would end. So it would for what is archived.
func fitFiles(e *engine.Options, limit, lists int, saving, archiving bool) (notice string, err error) {
	if limit == 0 {
		return "", nil
	}
	further := max(0, lists-1)
	if least := leastFiles + further; limit < least {
		return "", fmt.Errorf("only %d files may be open (ulimit -n), and %d are needed", limit, least)
	}
	usable := max(2, limit-further-spareFiles)
	if saving {
		e.Parsers = max(1, min(e.Parsers, usable/4/savingFiles))
		usable = max(2, usable-e.Parsers*savingFiles)
	}
	each := 1
	if archiving {
		each = archivingFiles
	}
	if most := max(1, usable/2/each); e.Concurrency > most {
		notice = fmt.Sprintf("only %d files may be open (ulimit -n): %s at once instead of %d", limit, requests(most), e.Concurrency)
		e.Concurrency = most
	}
	e.Fetch.MaxIdle = max(1, usable-e.Concurrency*each-e.Concurrency/4)
	return notice, nil
}

func requests(n int) string {
	if n == 1 {
		return "1 request"
	}
	return fmt.Sprintf("%d requests", n)
}
