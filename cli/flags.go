package cli

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/spf13/pflag"

	"crawl/engine"
	"crawl/extract"
	"crawl/frontier"
)

// options is a command line, understood.
type options struct {
	lists []string // of -urls, in their order; "-" is stdin
	urls  []string // positional

	output string // "" and "-": stdout
	format string // "": by the terminal
	order  string

	engine engine.Options
	quiet  bool
	demo   bool
	help   bool
	ver    bool
}

// group annotates a flag with the theme under which help shows it.
const group = "group"

// newFlags defines every flag once: help, errors and defaults follow from here.
// The selectors are parsed only once all flags are known, so they come back raw.
func newFlags(o *options) (fs *pflag.FlagSet, selectors *[]string) {
	fs = pflag.NewFlagSet("crawl", pflag.ContinueOnError)
	fs.SortFlags = false
	selectors = new([]string)
	e := &o.engine
	*e = engine.Options{
		Concurrency:  engine.DefaultConcurrency,
		Parsers:      runtime.NumCPU(),
		Politeness:   frontier.Politeness{PerHost: frontier.DefaultPerHost, Robots: true},
		Retries:      defaultRetries,
		MaxRedirects: defaultRedirects,
	}
	e.Fetch.Timeout = defaultTimeout
	e.Fetch.UserAgent = userAgent()
	o.order = orderCompleted

	theme(fs, "Input", func() {
		fs.VarP(many{&o.lists, "FILE"}, "urls", "i", "fetch the URLs in `FILE`, one a line; - is stdin; may be repeated")
		fs.VarP(many{&o.lists, "FILE"}, "list", "l", "the same")
		fs.BoolVar(&o.demo, "demo", false, "serve a small site on loopback and crawl it: works offline")
	})
	theme(fs, "Output", func() {
		fs.StringVarP(&o.output, "output", "o", "", "write the records to `FILE`, which appears whole or not at all; - is stdout")
		fs.Var(choice{&o.format, []string{formatJSONL, formatText}}, "format", "how records are written (default: text on a terminal, jsonl otherwise)")
		fs.Var(choice{&o.order, []string{orderCompleted, orderInput}}, "order", "the order of the records")
		fs.Var(many{selectors, "NAME=CSS"}, "select", "add a field by CSS selector: name=css, name=css@attr, or name[]=css for all matches; may be repeated")
		fs.BoolVar(&e.Extract.Links, "links", false, "add the page's links")
		fs.BoolVarP(&o.quiet, "quiet", "q", false, "no summary, no notices: only errors on stderr")
	})
	theme(fs, "Concurrency and politeness", func() {
		fs.VarP(count{&e.Concurrency, 1, 100_000}, "concurrency", "c", "requests in flight")
		fs.Var(count{&e.Politeness.PerHost, 1, 100_000}, "per-host", "requests in flight to one host")
		fs.Var(pace{&e.Politeness.Rate}, "rate", "requests of the whole run, such as 100/s; 0 is no limit")
		fs.Var(pace{&e.Politeness.HostRate}, "host-rate", "requests to one host, such as 2/s; 0 is no limit")
		fs.BoolVar(&e.Politeness.Robots, "robots", true, "obey robots.txt; -robots=false does not ask for it")
		fs.StringVar(&e.Fetch.UserAgent, "user-agent", e.Fetch.UserAgent, "the `NAME` to go by, also in robots.txt")
		fs.Var(count{&e.Parsers, 1, 1000}, "parsers", "executor workers that parse pages (default: the number of CPUs)")
	})
	theme(fs, "Fetching", func() {
		fs.Var(span{&e.Fetch.Timeout}, "timeout", "limit of one request with its body")
		fs.Var(count{&e.Retries, 0, 100}, "retries", "further attempts after a failure that may pass")
	})
	theme(fs, "About", func() {
		fs.BoolVarP(&o.help, "help", "h", false, "show this")
		fs.BoolVar(&o.ver, "version", false, "show the version")
	})
	fs.Lookup("list").Hidden = true
	fs.Lookup("parsers").DefValue = "" // its default differs between machines
	return fs, selectors
}

// theme puts the flags that define adds under a heading.
func theme(fs *pflag.FlagSet, name string, define func()) {
	define()
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Annotations == nil {
			f.Annotations = map[string][]string{group: {name}}
		}
	})
}

// parse understands a command line. Its error is one clear line.
func parse(args []string) (*options, *pflag.FlagSet, error) {
	o := &options{}
	fs, selectors := newFlags(o)
	canonical, err := normalise(fs, args)
	if err != nil {
		return o, fs, err
	}
	if err := fs.Parse(canonical); err != nil {
		return o, fs, plain(err)
	}
	for _, arg := range fs.Args() {
		if arg == "-" {
			o.lists = append(o.lists, arg) // standard input, as everywhere
		} else {
			o.urls = append(o.urls, arg)
		}
	}
	if o.help || o.ver {
		return o, fs, nil
	}
	for _, text := range *selectors {
		sel, err := extract.ParseSelector(text)
		if err != nil {
			return o, fs, fmt.Errorf("-select %q: %w", text, err)
		}
		e := &o.engine.Extract
		for _, other := range e.Select {
			if other.Name() == sel.Name() {
				return o, fs, fmt.Errorf("-select %q: there is a field %q already", text, sel.Name())
			}
		}
		e.Select = append(e.Select, sel)
	}
	return o, fs, o.check()
}

// check judges what flags say together.
func (o *options) check() error {
	stdin := 0
	for _, name := range o.lists {
		if name == "-" {
			stdin++
		}
	}
	for _, arg := range o.urls {
		if arg == "true" || arg == "false" {
			return fmt.Errorf("%q is no URL; a switch takes its value with =, as in -robots=%s", arg, arg)
		}
	}
	switch {
	case stdin > 1:
		return errors.New("-urls -: standard input can be read only once")
	case o.demo && len(o.lists)+len(o.urls) > 0:
		return errors.New("-demo brings its own list: give it no URLs")
	case !o.demo && len(o.lists)+len(o.urls) == 0:
		return errors.New("nothing to fetch: give -urls FILE (- is stdin) or a URL; crawl -help shows more, crawl -demo shows it at work")
	}
	return o.engine.Validate()
}

// plain puts pflag's error about a value into our words.
func plain(err error) error {
	var bad *pflag.InvalidValueError
	if errors.As(err, &bad) {
		cause := errors.Unwrap(bad)
		if bad.GetFlag().Value.Type() == "bool" {
			cause = errors.New("want true or false")
		}
		return fmt.Errorf("-%s %q: %w", bad.GetFlag().Name, bad.GetValue(), cause)
	}
	return err
}
