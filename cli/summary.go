package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"crawl/results"
)

// summaryFile is where -summary has the summary; nil is nowhere.
type summaryFile struct {
	file *results.File // nil: stdout
	w    io.Writer
}

// openSummary opens it before anything is fetched. It blocks on a FIFO that nobody
// reads, but no longer than ctx.
func openSummary(ctx context.Context, o *options, stdout io.Writer) (*summaryFile, error) {
	switch o.summary {
	case "":
		return nil, nil
	case "-":
		return &summaryFile{w: stdout}, nil
	}
	f, err := orStopped(ctx, func() (*results.File, error) { return results.Create(o.summary) })
	if err != nil {
		return nil, err
	}
	return &summaryFile{file: f, w: f}, nil
}

// write writes and publishes it.
func (s *summaryFile) write(sum *results.Summary) error {
	if s == nil {
		return nil
	}
	err := sum.WriteJSON(s.w)
	if s.file != nil {
		return s.file.Commit() // tells a failed write too
	}
	return err
}

// abort gives it up, if it was not written.
func (s *summaryFile) abort() {
	if s != nil && s.file != nil {
		s.file.Abort()
	}
}

// conclude says how a run went, and returns its exit code. cause is why the run's
// context ended, if it did, err what Run or the output came back with. A code that is
// not the list's fault has its line also where no summary is wanted: cron mails what
// is said, and no code.
func (o *options) conclude(sum *results.Summary, cause, err error, file *summaryFile, stderr io.Writer) int {
	code := verdict(sum, cause, err, o.maxFailures)
	var stopped Stopped
	switch {
	case errors.As(cause, &stopped):
		sum.Interrupted = stopped.Name()
	case code == exitDeadline:
		sum.Interrupted = "-deadline " + shortest(o.deadline)
	}
	unwritten := file.write(sum)
	if code == exitReaderGone {
		return code
	}
	switch {
	case err != nil:
		complain(stderr, code, err)
	case o.quiet && code == exitNoAnswer:
		asked := requests(int(sum.Tried))
		if sum.Tried == 0 {
			asked = "the requests of earlier runs"
		}
		complain(stderr, code, fmt.Errorf("no answer to %s: most likely our own network", asked))
	case o.quiet && code == exitDeadline && sum.Read() > 0:
		complain(stderr, code, fmt.Errorf("-deadline %v: it ended the run", shortest(o.deadline)))
	case sum.Read() > 0: // the summary says the rest
	case code == exitDeadline:
		complain(stderr, code, fmt.Errorf("-deadline %v: it passed before a line was read", shortest(o.deadline)))
	case stopped.Signal != 0:
		complain(stderr, code, cause)
	}
	if unwritten != nil {
		code = complain(stderr, exitIO, unwritten)
	}
	switch {
	case o.quiet || sum.Read() == 0:
	case o.console != nil && o.console.log != nil:
		say(stderr, slog.LevelInfo, "summary", slog.Any("summary", sum))
	default:
		_ = sum.WriteText(stderr)
	}
	return code
}
