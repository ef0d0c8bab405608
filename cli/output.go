package cli

import (
	"context"
	"io"
	"os"

	"golang.org/x/term"

	"crawl/results"
)

// output is where the records go.
type output struct {
	sink results.Sink
	file *results.File // nil: stdout
}

// openOutput makes the sink that the flags ask for. A file that cannot be
// written is told here, before anything is fetched. It blocks on a FIFO that
// nobody reads, but no longer than ctx.
func openOutput(ctx context.Context, o *options, stdout io.Writer) (*output, error) {
	out := &output{}
	w := stdout
	if o.output != "" && o.output != "-" {
		f, err := orStopped(ctx, func() (*results.File, error) { return results.Create(o.output) })
		if err != nil {
			return nil, err
		}
		out.file, w = f, f
	}
	var enc results.Encoder = results.JSONL{}
	if o.format == formatText || o.format == "" && isTerminal(w) {
		enc = results.Text{Color: isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
	}
	writer := results.NewWriter(w, enc)
	out.sink = writer
	if o.order == orderInput {
		out.sink = results.NewOrdered(writer, results.Options{})
	}
	return out, nil
}

// overwritten names the output file if it is one of the lists.
func overwritten(o *options) string {
	out, err := os.Stat(o.output)
	if err != nil || !out.Mode().IsRegular() {
		return ""
	}
	for _, name := range o.lists {
		if in, err := os.Stat(name); err == nil && os.SameFile(in, out) {
			return o.output
		}
	}
	return ""
}

// publish lets a file appear under its name, or, after an error of the output,
// leaves what was there before.
func (out *output) publish(failed bool) error {
	switch {
	case out.file == nil:
		return nil
	case failed:
		out.file.Abort()
		return nil
	}
	return out.file.Commit()
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
