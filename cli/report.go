package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"crawl/results"
	"crawl/results/report"
)

// The names of the commands: reportWord is the first word of a command line that
// makes a report.
const (
	command       = "crawl"
	reportWord    = "report"
	reportCommand = command + " " + reportWord
)

const reportIntro = `crawl report makes one HTML page from the JSON output of a run, or of several:
totals, errors, latencies, hosts, a timeline, redirects, and a table to filter.
The page loads nothing and needs no network.

  crawl report out.jsonl > report.html
  crawl report monday.jsonl tuesday.jsonl.gz -o report.html
  crawl -urls list.txt | crawl report - > report.html

Files hold JSON Lines, a JSON array, or what jq makes of them, gzipped or not;
- is standard input. What is no record is left out, and told.

`

const reportOutro = `
Exit: 0 the page is written · 2 usage · 3 a file could not be read or holds no
record, or the page not be written · 130 SIGINT · 143 SIGTERM · 141 reader gone
`

// reportOptions is a command line of crawl report, understood.
type reportOptions struct {
	files []string // "-" is stdin
	out   string   // "" and "-": stdout
	rows  int
	quiet bool
	help  bool
}

func (o *reportOptions) flags() *pflag.FlagSet {
	fs := pflag.NewFlagSet(reportCommand, pflag.ContinueOnError)
	fs.SortFlags = false
	fs.VarP(text{&o.out, "FILE"}, "output", "o", "write the page to `FILE`, which appears whole or not at all; - is stdout")
	o.rows = report.DefaultRows
	fs.Var(count{&o.rows, 0, 10_000_000}, "rows", "records in the table, at most, failed ones first; all else is of all records")
	fs.BoolVarP(&o.quiet, "quiet", "q", false, "no notices: only errors on stderr")
	fs.BoolVarP(&o.help, "help", "h", false, "show this")
	return fs
}

// parseReport understands a command line behind its first word.
func parseReport(args []string) (*reportOptions, *pflag.FlagSet, error) {
	o := &reportOptions{}
	fs := o.flags()
	canonical, err := normalise(fs, args)
	if err != nil {
		return o, fs, err
	}
	if err := fs.Parse(canonical); err != nil {
		return o, fs, plain(err)
	}
	o.files = fs.Args()
	if o.help {
		return o, fs, nil
	}
	stdin := 0
	for _, name := range o.files {
		if name == "-" {
			stdin++
		}
	}
	switch {
	case len(o.files) == 0:
		return o, fs, errors.New("give the JSON output of a run, as in crawl report out.jsonl; - is stdin, and crawl report -help shows more")
	case stdin > 1:
		return o, fs, errors.New("standard input (-) can be read only once")
	}
	return o, fs, nil
}

// runReport is crawl report: args without that word in, exit code out. The page
// goes to stdout or -o, and messages to stderr.
func runReport(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, fs, err := parseReport(args)
	if err == nil && !o.help && o.out == "" && isTerminal(stdout) {
		err = errors.New("the page is HTML: give -o FILE or > FILE (-o - writes it here)")
	}
	switch {
	case err != nil:
		return o.fail(stderr, exitUsage, err)
	case o.help:
		var text bytes.Buffer
		text.WriteString(reportIntro)
		fs.VisitAll(func(f *pflag.Flag) { writeFlag(&text, fs, f) })
		text.WriteString(reportOutro)
		return show(stdout, stderr, text.Bytes(), nil)
	}
	if err := o.checkFiles(stdin, stdout); err != nil {
		return o.fail(stderr, exitUsage, err)
	}
	err = o.run(ctx, stdin, stdout, stderr)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, syscall.EPIPE):
		return exitReaderGone
	}
	return o.fail(stderr, codeOf(err, exitIO), err)
}

// fail tells err, and returns code.
func (o *reportOptions) fail(stderr io.Writer, code int, err error) int {
	fmt.Fprintf(stderr, "%s: %s\n", reportCommand, results.Visible(err.Error()))
	return code
}

// tell tells what -q silences.
func (o *reportOptions) tell(stderr io.Writer, text string) {
	if !o.quiet {
		fmt.Fprintf(stderr, "%s: %s\n", reportCommand, results.Visible(text))
	}
}

// inputName is what a file is called in messages and in the page.
func inputName(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}

// checkFiles judges what is read and written.
func (o *reportOptions) checkFiles(stdin io.Reader, stdout io.Writer) error {
	var u uses
	for _, name := range o.files {
		if name == "-" {
			u.stream("standard input", stdin, false)
		} else {
			u = append(u, use{what: "the file that is read", at: results.Locate(name)})
		}
	}
	if o.out == "" || o.out == "-" {
		u.stream("standard output", stdout, true)
	}
	u.writes("-o", o.out)
	return u.clash()
}

// run reads the files and writes the page. A file that cannot be written is told
// before anything is read.
func (o *reportOptions) run(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) error {
	w, commit := stdout, func() error { return nil }
	if o.out != "" && o.out != "-" {
		f, err := orStopped(ctx, func() (*results.File, error) { return results.Create(o.out) })
		if err != nil {
			return err
		}
		defer f.Abort()
		w, commit = f, f.Commit
	}
	rows := o.rows
	if rows == 0 {
		rows = -1 // none
	}
	page := report.New(report.Options{Rows: rows})
	for _, name := range o.files {
		before := page.Records()
		skipped, err := o.read(ctx, page, name, stdin)
		if err != nil {
			return err
		}
		for _, text := range leftOut(inputName(name), page.Records()-before, skipped) {
			o.tell(stderr, text)
		}
	}
	bw := bufio.NewWriterSize(&patient{ctx: ctx, w: w}, 64<<10)
	if err := page.WriteHTML(bw, time.Now()); err != nil {
		return err
	}
	if err := bw.Flush(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return commit()
}

// read adds a file to the page; it blocks no longer than ctx. A file with lines
// of which not one is a record is an error: it is most likely another file.
func (o *reportOptions) read(ctx context.Context, page *report.Report, name string, stdin io.Reader) (report.Skipped, error) {
	before := page.Records()
	in := stdin
	if name != "-" {
		f, err := orStopped(ctx, func() (*os.File, error) { return os.Open(name) })
		if err != nil {
			return report.Skipped{}, err
		}
		defer f.Close()
		in = f
	}
	name = inputName(name)
	skipped, err := orStopped(ctx, func() (report.Skipped, error) { return page.Read(ctx, name, in) })
	switch {
	case err != nil && ctx.Err() != nil:
		return skipped, err
	case err != nil:
		return skipped, fmt.Errorf("%s: %w", name, pathless(err))
	case skipped.Lines > 0 && page.Records() == before:
		return skipped, fmt.Errorf("%s holds no record of a run: %s %d: %w", name, unitOf(skipped), skipped.First, skipped.Why)
	}
	return skipped, nil
}

// pathless is err without the path and the call that an *os.PathError names.
func pathless(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// unitOf is what is counted of an input.
func unitOf(s report.Skipped) string {
	if s.Elements {
		return "element"
	}
	return "line"
}

// leftOut says what of a file is not in the page, or that it has nothing.
func leftOut(name string, records int64, s report.Skipped) []string {
	var texts []string
	switch {
	case s.Lines == 1:
		texts = append(texts, fmt.Sprintf("%s %d of %s is no record and left out: %v", unitOf(s), s.First, name, s.Why))
	case s.Lines > 1:
		texts = append(texts, fmt.Sprintf("%d %ss of %s are no records and left out; the first is %s %d: %v", s.Lines, unitOf(s), name, unitOf(s), s.First, s.Why))
	}
	if s.Torn {
		texts = append(texts, name+" is cut off at its end, as a killed run leaves it; what is torn is left out")
	}
	if records == 0 {
		texts = append(texts, name+" has no records")
	}
	return texts
}
