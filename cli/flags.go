package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/pflag"

	"crawl/engine"
	"crawl/extract"
)

// options is a command line, understood. What flags say of a run goes straight
// into engine; what needs a second look, a file or the environment waits here
// for equip.
type options struct {
	lists []string // of -urls, in their order; "-" is stdin
	urls  []string // positional

	output string // "" and "-": stdout
	shape  shape  // of the records
	order  string
	save   string // "": no bodies are saved

	archive     string // "": nothing is archived
	archiveSize int64  // 0: one file
	changes     string // "": every record is written
	failAfter   int

	voice       voice
	console     *console // set by Run
	summary     string   // "": no file of it
	maxFailures failures

	state              string // "": a run is not resumed
	fresh, retryFailed bool

	engine   engine.Options
	deadline time.Duration // 0: none
	quiet    bool
	demo     bool

	help, ver, man bool
	completion     string // "": not asked for
	printConfig    bool
	config         *string            // nil: not given
	settings       map[string]setting // by flag, those that have a value
	configFile     string             // that was read
	notes          []string           // about them, for the run to tell

	crawling   crawling
	selectors  []string
	accept     statuses
	method     string
	headers    []string
	contact    string
	user       *string // nil: not given
	netrc      bool
	proxy      *string // nil: not given
	cacert     string
	cert, key  string
	ipv4, ipv6 bool
	pins       []string
}

// parse understands a command line, whose flags the sources complete, each those
// that have no value yet. Its error is one clear line. By itself it reads no file
// and nothing of the environment.
func parse(args []string, sources ...source) (*options, *pflag.FlagSet, error) {
	o := &options{settings: map[string]setting{}}
	fs := newFlags(o)
	canonical, err := normalise(fs, args)
	if err != nil {
		return o, fs, err
	}
	if err := fs.Parse(canonical); err != nil {
		return o, fs, plain(err)
	}
	o.typed(canonical)
	for _, arg := range fs.Args() {
		if arg == "-" {
			o.lists = append(o.lists, arg) // standard input, as everywhere
		} else {
			o.urls = append(o.urls, arg)
		}
	}
	if o.help || o.ver || o.man || o.completion != "" {
		return o, fs, nil
	}
	for _, fill := range sources {
		if err := fill(o, fs); err != nil {
			return o, fs, err
		}
	}
	if o.printConfig {
		return o, fs, nil
	}
	return o, fs, o.withSources(o.understand())
}

// understand makes a run of what the flags say.
func (o *options) understand() error {
	if err := o.check(); err != nil {
		return err
	}
	if err := o.checkNeeds(); err != nil {
		return err
	}
	if err := o.checkChanges(); err != nil {
		return err
	}
	if err := o.equipSelectors(); err != nil {
		return err
	}
	if err := o.equipFormat(); err != nil {
		return err
	}
	if err := o.equipRequests(); err != nil {
		return err
	}
	if err := o.equipCrawl(); err != nil {
		return err
	}
	if err := o.equipArchive(); err != nil {
		return err
	}
	return o.engine.Validate()
}

// equip completes the options with what files, the environment and the terminal
// hold. Its error is a fault of the command line, or why ctx ended.
func (o *options) equip(ctx context.Context, getenv func(string) string, stderr io.Writer) error {
	if err := o.equipConnections(getenv); err != nil {
		return err
	}
	return o.equipCredentials(ctx, stderr)
}

// equipSelectors parses -select.
func (o *options) equipSelectors() error {
	for _, text := range o.selectors {
		sel, err := extract.ParseSelector(text)
		if err != nil {
			return fmt.Errorf("%s %q: %w", o.named("select"), text, err)
		}
		e := &o.engine.Extract
		for _, other := range e.Select {
			if other.Name() == sel.Name() {
				return fmt.Errorf("%s %q: there is a field %q already", o.named("select"), text, sel.Name())
			}
		}
		e.Select = append(e.Select, sel)
	}
	return nil
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
		if err := noURL(arg); err != nil {
			return err
		}
	}
	switch {
	case stdin > 1:
		return errors.New("-urls -: standard input can be read only once")
	case o.demo && len(o.lists)+len(o.urls) > 0:
		return errors.New("-demo brings its own list: give it no URLs")
	case o.demo && (o.engine.Fetch.DenyPrivate || o.proxy != nil && *o.proxy != ""):
		return errors.New("-demo serves its site on loopback: neither -proxy nor -deny-private leads there")
	case !o.demo && len(o.lists)+len(o.urls) == 0:
		return errors.New("nothing to fetch: give -urls FILE (- is stdin) or a URL; crawl -help shows more, crawl -demo shows it at work")
	case o.fresh && o.retryFailed:
		return errors.New("-fresh forgets every line, -retry-failed those that failed: give one of them")
	case o.demo && o.state != "":
		return errors.New("-demo serves another site each time: there is no -state to keep of it")
	case o.quiet && o.voice.verbose:
		return errors.New("-quiet and -verbose: give one of them")
	case isStdout(o.summary) && (o.toStdout() || isStdout(o.output)):
		return fmt.Errorf("-summary %s: standard output has the records; give them a file with -o, or the summary one", o.summary)
	case o.ipv4 && o.ipv6:
		return errors.New("-ipv4 and -ipv6 leave no address to use: give one of them")
	}
	return nil
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
