package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"crawl/cli/demo"
	"crawl/engine"
	"crawl/frontier/list"
	"crawl/results"
)

// Run is the command: args without the program's name in, exit code out. It
// blocks until the run has ended; the end of ctx cancels it, and a Stopped as
// ctx's cause decides the code. Records go to stdout and nothing else does;
// messages, one line each, and the summary go to stderr. It reads stdin only
// where -urls - asks for it. Settings, proxies and the places of the settings file
// and of ~/.netrc come from the process's environment.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == reportWord {
		return runReport(ctx, args[1:], stdin, stdout, &patient{ctx: ctx, w: stderr})
	}
	environ := os.Environ()
	o, fs, err := parse(args, fromEnvironment(environ), fromFile(ctx, environ))
	timed := ctx
	if o.deadline > 0 {
		var cancel context.CancelFunc
		timed, cancel = context.WithTimeout(ctx, o.deadline)
		defer cancel()
	}
	if _, told := o.settings["quiet"]; o.changes != "" && !told && !o.voice.verbose && !isTerminal(stderr) {
		o.quiet = true // cron mails whatever is said
	}
	if err != nil && asksForJSON(args, environ) {
		o.voice.log = logJSON // which may stand behind what is wrong
	}
	o.console = newConsole(timed, o, stdin, stderr)
	stderr = o.console
	defer o.console.listen()()
	if err != nil {
		return complain(stderr, codeOf(err, exitUsage), err)
	}
	for _, text := range o.notes {
		notice(o, stderr, text)
	}
	if text, err := o.explain(fs); err != nil || text != nil {
		return show(stdout, stderr, text, err)
	}
	code := o.run(timed, stdin, stdout, stderr)
	if code == exitDeadline {
		return codeOf(context.Cause(ctx), code) // a signal counts for more
	}
	return code
}

// run does what the flags ask for.
func (o *options) run(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) int {
	text, err := fitFiles(&o.engine, openFiles(), len(o.lists)+o.changeFiles(), o.save != "", o.archive != "")
	if err != nil {
		return complain(stderr, exitUsage, err)
	}
	if err := o.checkFiles(stdin, stdout); err != nil {
		return complain(stderr, exitUsage, err)
	}
	if err := o.equip(ctx, os.Getenv, stderr); err != nil {
		return o.unable(stderr, exitUsage, err)
	}
	if text != "" {
		notice(o, stderr, text)
	}
	if o.demo {
		return runDemo(ctx, o, stdout, stderr)
	}
	if text := o.meant(); text != "" {
		notice(o, stderr, text)
	}
	sources, closeSources, err := openSources(ctx, o, stdin)
	if err != nil {
		return o.unable(stderr, exitIO, err)
	}
	defer closeSources()
	sum, code := crawl(ctx, o, sources, nil, stdout, stderr)
	if code == exitOK && sum.Lines()+sum.Earlier.Lines() == 0 {
		notice(o, stderr, "the list is empty: nothing to fetch")
	}
	return code
}

// unable says why a run could not begin, and returns its exit code: other, unless
// ctx's end is why.
func (o *options) unable(stderr io.Writer, other int, err error) int {
	code := codeOf(err, other)
	if code == exitDeadline {
		err = fmt.Errorf("-deadline %v: it passed before anything was fetched", shortest(o.deadline))
	}
	return complain(stderr, code, err)
}

// crawl is the main job. check, if set, sees every record.
func crawl(ctx context.Context, o *options, sources []list.Source, check func(*results.Record), stdout, stderr io.Writer) (results.Summary, int) {
	if err := o.checkHeard(stdout); err != nil {
		return results.Summary{}, o.unable(stderr, exitIO, err)
	}
	if o.save != "" {
		saver, err := results.NewSaver(o.save)
		if err != nil {
			return results.Summary{}, o.unable(stderr, exitIO, err)
		}
		defer saver.Close()
		o.engine.Save = saver.Save
	}
	feed, err := openChanges(o)
	if err != nil {
		return results.Summary{}, o.unable(stderr, exitIO, err)
	}
	defer feed.close()
	summary, err := openSummary(ctx, o, stdout)
	if err != nil {
		return results.Summary{}, o.unable(stderr, exitIO, err)
	}
	defer summary.abort()
	observe, stopMetrics, err := o.serveMetrics(stderr)
	if err != nil {
		return results.Summary{}, complain(stderr, exitUsage, err)
	}
	defer stopMetrics()
	out, err := openOutput(ctx, o, stdout)
	if err != nil {
		return results.Summary{}, o.unable(stderr, exitIO, err)
	}
	if o.engine.Archive, err = o.openArchive(ctx, out, stderr); err != nil {
		_ = out.publish(&engine.SinkError{Err: err}, false) // the first error says it all
		return results.Summary{}, o.unable(stderr, exitIO, err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if f, ok := stdout.(*os.File); ok && out.pipe {
		if closedAtStart(f) {
			notice(o, stderr, "standard output is closed: the records are lost; -o FILE keeps them")
		}
		stop := watchReader(f, func() { cancel(errReaderGone) })
		defer stop()
	}
	live := o.watch(ctx, sources, out.earlier())
	work, closeWork := o.openWork(ctx, out, sources, stderr)
	live.follow(work)
	sink := feed.sink(out.sink)
	for _, see := range []func(*results.Record){check, observe} {
		if see != nil {
			sink = seen(sink, see)
		}
	}
	o.engine.Logger = o.console.logger()
	sum, err := engine.Run(ctx, o.engine, work, sink)
	live.stop(ctx)
	closeWork()
	if cerr := o.closeArchive(); cerr != nil && err == nil {
		err = &engine.SinkError{Err: cerr}
	}
	cause := context.Cause(ctx)
	complete := err == nil && sum.Unrecorded == 0 && !sum.Uncounted
	perr := out.publish(err, complete)
	perr = errors.Join(perr, feed.finish(err, cause, perr))
	if err == nil {
		err = errors.Join(perr, out.template.fault())
	}
	feed.tellSilence(&sum)
	if s := out.state; s != nil {
		sum.Earlier = s.earlier()
		for _, text := range s.outcome(&sum, complete) {
			notice(o, stderr, text)
		}
	}
	if text := out.brief.omitted(); text != "" {
		notice(o, stderr, text)
	}
	code := o.conclude(&sum, cause, err, summary, stderr)
	return sum, code
}

// seen is sink, whose every record see is shown on its way.
func seen(sink results.Sink, see func(*results.Record)) results.Sink {
	c := checked{sink, see}
	if p, ok := sink.(results.Placer); ok {
		return placed{c, p}
	}
	return c
}

// placed is a checked whose sink says where records stand.
type placed struct {
	checked
	results.Placer
}

// checked shows every record to check on its way.
type checked struct {
	results.Sink
	check func(*results.Record)
}

func (c checked) Write(r *results.Record) error {
	c.check(r)
	return c.Sink.Write(r)
}

// runDemo serves the demo site and runs the main job on it. Its code is 0 when
// each page ended as the site intends.
func runDemo(ctx context.Context, o *options, stdout, stderr io.Writer) int {
	site, err := demo.Serve()
	if err != nil {
		return complain(stderr, exitIO, err)
	}
	defer site.Close()
	notice(o, stderr, fmt.Sprintf("demo: a site of %d URLs is served on loopback", site.Len()))
	_, code := crawl(ctx, o, []list.Source{{Name: "demo", R: site.List(), Regular: true}}, site.Check, stdout, stderr)
	if code != exitOK && code != exitFailed {
		return code
	}
	if wrong := site.Wrong(); len(wrong) > 0 {
		for _, w := range wrong {
			complain(stderr, exitFailed, errors.New("demo: "+w))
		}
		return exitFailed
	}
	notice(o, stderr, fmt.Sprintf("demo: each of the %d URLs ended as the site intends, the failures included", site.Len()))
	return exitOK
}
