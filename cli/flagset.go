package cli

import (
	"runtime"

	"github.com/spf13/pflag"

	"crawl/engine"
	"crawl/frontier"
	"crawl/results/changes"
)

// What flags are annotated with.
const (
	group         = "group"        // the theme under which help shows it
	onCommandLine = "command line" // neither the environment nor a file can give it
)

// newFlags defines every flag once: help, errors and defaults follow from here.
func newFlags(o *options) *pflag.FlagSet {
	fs := pflag.NewFlagSet(command, pflag.ContinueOnError)
	fs.SortFlags = false
	o.order = orderCompleted
	o.engine = engine.Options{
		Concurrency: engine.DefaultConcurrency,
		Parsers:     runtime.NumCPU(),
		Politeness: frontier.Politeness{
			PerHost: frontier.DefaultPerHost, MaxErrors: frontier.DefaultMaxErrors, Robots: true,
		},
		Retries:      defaultRetries,
		MaxRedirects: defaultRedirects,
	}
	f := &o.engine.Fetch
	f.Timeout, f.ConnectTimeout, f.MaxBody = defaultTimeout, defaultConnectTimeout, defaultMaxBody
	f.UserAgent = userAgent()

	theme(fs, "Input", o.inputFlags)
	theme(fs, "Output", o.outputFlags)
	theme(fs, "Concurrency and politeness", o.politenessFlags)
	theme(fs, "Crawling", o.crawlFlags)
	theme(fs, "Limits", o.limitFlags)
	theme(fs, "Requests", o.requestFlags)
	theme(fs, "Connections", o.connectionFlags)
	theme(fs, "Messages", o.messageFlags)
	theme(fs, "Settings and help", o.aboutFlags)
	return fs
}

// theme puts the flags that define adds under a heading.
func theme(fs *pflag.FlagSet, name string, define func(*pflag.FlagSet)) {
	define(fs)
	fs.VisitAll(func(f *pflag.Flag) {
		if themeOf(f) == "" {
			_ = fs.SetAnnotation(f.Name, group, []string{name}) // there is such a flag
		}
	})
}

// themeOf is the heading of a flag.
func themeOf(f *pflag.Flag) string {
	if g := f.Annotations[group]; len(g) > 0 {
		return g[0]
	}
	return ""
}

// typedOnly marks flags of one command, which no environment and no file can give.
func typedOnly(fs *pflag.FlagSet, names ...string) {
	for _, name := range names {
		_ = fs.SetAnnotation(name, onCommandLine, nil) // there is such a flag
	}
}

func (o *options) inputFlags(fs *pflag.FlagSet) {
	fs.VarP(many{&o.lists, "FILE"}, "urls", "i", "fetch the URLs in `FILE`, one a line; - is stdin; may be repeated")
	fs.VarP(many{&o.lists, "FILE"}, "list", "l", "the same")
	fs.Lookup("list").Hidden = true
	fs.BoolVar(&o.demo, "demo", false, "serve a small site on loopback and crawl it: works offline")
	typedOnly(fs, "urls", "demo")
}

func (o *options) outputFlags(fs *pflag.FlagSet) {
	fs.VarP(text{&o.output, "FILE"}, "output", "o", "write the records to `FILE`, which appears whole or not at all; - is stdout")
	o.formatFlags(fs)
	fs.Var(choice{&o.order, []string{orderCompleted, orderInput}}, "order", "the order of the records")
	fs.Var(many{&o.selectors, "NAME=CSS"}, "select", "add a field by CSS selector: name=css, name=css@attr, or name[]=css for all matches; may be repeated")
	fs.BoolVar(&o.engine.Extract.Links, "links", false, "add the page's links: absolute, each once")
	fs.BoolVar(&o.engine.Digest, "digest", false, "add the sha256 of each body")
	fs.Var(text{&o.save, "DIR"}, "save", "keep every body that is not empty as a file in DIR, and add its path there and its digest")
	fs.Var(text{&o.archive, "FILE"}, "warc", "archive every exchange, byte for byte, in FILE, a new one whose name ends in .warc.gz; implies -http1 and -digest")
	fs.Var(size{&o.archiveSize}, "warc-size", "with -warc: begin a new numbered file when one would grow beyond this, such as 1GB")
	fs.Var(text{&o.state, "DIR"}, "state", "keep in DIR what is done: the same command goes on where it was ended or killed")
	fs.BoolVar(&o.fresh, "fresh", false, "with -state: forget what is done, replace the output, start anew")
	fs.BoolVar(&o.retryFailed, "retry-failed", false, "with -state: take the failed lines out of the output and do them again")
	o.failAfter = changes.DefaultFailAfter
	fs.Var(text{&o.changes, "FILE"}, "changes", "write only what has changed since the last run with `FILE`, which keeps what was seen: records of lines that are new, changed, gone, failing or recovered; the summary comes with -v or on a terminal")
	fs.Var(count{&o.failAfter, 1, 1_000_000}, "fail-after", "with -changes: in how many runs in a row a line must fail to be told as failing")
	fs.Var(&o.accept, "accept", "the statuses that count as ok, such as 2xx,304 or 200-299 (default: 2xx,3xx)")
	fs.Var(&o.maxFailures, "max-failures", "failed lines that are no failure of the run: a number, or a share of the lines such as 5%")
	fs.Var(text{&o.summary, "FILE"}, "summary", "write the summary to `FILE` too, as JSON; - is stdout, where -o has another")
	typedOnly(fs, "fresh", "retry-failed")
}

// formatFlags are those of outputFlags that say how a record is written.
func (o *options) formatFlags(fs *pflag.FlagSet) {
	s := &o.shape
	s.color = whenAuto
	fs.Var(choice{&s.format, []string{formatJSONL, formatJSON, formatCSV, formatTSV, formatText, formatTemplate}}, "format", "how records are written (default: text on a terminal, jsonl otherwise)")
	fs.BoolVar(&s.json, "json", false, "the same as -format jsonl")
	fs.Var(text{&s.template, "TEMPLATE"}, "template", "write a line like '{{.Status}} {{.URL}}' for each record")
	fs.Var(text{&s.fields, "NAMES"}, "fields", "write these parts of a record, such as url,status,error.kind,fields.NAME,meta.NAME; for every format but template")
	fs.Var(choice{&s.color, []string{whenAuto, whenAlways, whenNever}}, "color", "colours in text; auto is on a terminal")
}

func (o *options) politenessFlags(fs *pflag.FlagSet) {
	e, p := &o.engine, &o.engine.Politeness
	fs.VarP(count{&e.Concurrency, 1, 100_000}, "concurrency", "c", "requests in flight")
	fs.Var(count{&p.PerHost, 1, 100_000}, "per-host", "requests in flight to one host")
	fs.Var(pace{&p.Rate}, "rate", "requests of the whole run, such as 100/s; 0 is no limit")
	fs.Var(pace{&p.HostRate}, "host-rate", "requests to one host, such as 2/s; 0 is no limit")
	fs.Var(span{&p.HostDelay, true}, "host-delay", "from one request to a host to its next, such as 500ms; then one at a time is in flight there")
	fs.Var(count{&p.MaxErrors, 0, 1_000_000}, "max-host-errors", "connect errors and time-outs in a row, over 30 s at least, after which a host is given up; 0 is never")
	fs.BoolVar(&p.Robots, "robots", true, "obey robots.txt; -robots=false does not ask for it")
	fs.Var(text{&e.Fetch.UserAgent, "NAME"}, "user-agent", "the `NAME` to go by, also in robots.txt")
	fs.Var(text{&o.contact, "TEXT"}, "contact", "an e-mail address or a URL for those who wonder who asks: it goes into the user agent, an address also into From")
	fs.Var(count{&e.Parsers, 1, 1000}, "parsers", "executor workers that parse pages (default: the number of CPUs)")
	fs.Lookup("parsers").DefValue = "" // it differs between machines
}

func (o *options) limitFlags(fs *pflag.FlagSet) {
	e := &o.engine
	fs.Var(span{&e.Fetch.Timeout, false}, "timeout", "of one request with its body")
	fs.Var(span{&e.Fetch.ConnectTimeout, false}, "connect-timeout", "of look-up and connect together, and of the TLS handshake")
	fs.Var(span{&e.Fetch.FirstByte, true}, "first-byte-timeout", "from the request sent to the first byte of the answer (default: only -timeout)")
	fs.Var(span{&o.deadline, false}, "deadline", "of the whole run; lines that are left get a record of kind deadline")
	fs.Var(count{&e.Retries, 0, 100}, "retries", "further attempts after a failure that may pass")
	fs.Var(count{&e.MaxRedirects, 0, 1000}, "max-redirects", "hops of one line; 0 records the redirect itself")
	fs.Var(size{&e.Fetch.MaxBody}, "max-body", "bytes of a body, decoded, such as 500k or 16MiB; the rest is cut off")
}

func (o *options) requestFlags(fs *pflag.FlagSet) {
	fs.VarP(text{&o.method, "METHOD"}, "method", "X", "the method of lines that name none, sent as typed (default: GET)")
	fs.VarP(many{&o.headers, "HEADER"}, "header", "H", "send 'Name: value' with every request; 'Name;' sends it empty, 'Name:' does not send it; may be repeated")
	fs.Var(given{&o.user, "NAME:PASSWORD"}, "user", "basic authorization; asks for a password that is missing")
	fs.BoolVar(&o.netrc, "netrc", false, "names and passwords of hosts from $NETRC, else ~/.netrc")
	fs.BoolVar(&o.engine.Fetch.Cookies, "cookies", false, "keep the cookies that servers set, and send them back")
}

func (o *options) connectionFlags(fs *pflag.FlagSet) {
	f := &o.engine.Fetch
	fs.VarP(given{&o.proxy, "URL"}, "proxy", "x", "go through an http, https or socks5 proxy; '' is none (default: HTTP_PROXY, HTTPS_PROXY, NO_PROXY)")
	fs.BoolVarP(&f.Insecure, "insecure", "k", false, "accept any TLS certificate")
	fs.Var(text{&o.cacert, "FILE"}, "cacert", "certificates (PEM) to judge servers by, instead of the system's")
	fs.Var(text{&o.cert, "FILE"}, "cert", "a certificate (PEM) to show to servers that ask")
	fs.Var(text{&o.key, "FILE"}, "key", "its private key (PEM) (default: in the file of -cert)")
	fs.BoolVar(&f.HTTP1, "http1", false, "do not speak HTTP/2")
	fs.BoolVarP(&o.ipv4, "ipv4", "4", false, "use IPv4 addresses only")
	fs.BoolVarP(&o.ipv6, "ipv6", "6", false, "use IPv6 addresses only")
	fs.Var(many{&o.pins, "HOST:PORT:ADDR"}, "resolve", "the address of a host and port, instead of a look-up; * is any; may be repeated")
	fs.BoolVar(&f.DenyPrivate, "deny-private", false, "dial no private, loopback, link-local or metadata address, whatever leads there: URL, redirect, DNS or -resolve; not through a proxy")
}

func (o *options) aboutFlags(fs *pflag.FlagSet) {
	fs.Var(given{&o.config, "FILE"}, "config", "a file of settings, such as host-rate = \"2/s\"; '' is none (default: crawl/config.toml in $XDG_CONFIG_HOME or ~/.config)")
	fs.BoolVar(&o.printConfig, "print-config", false, "show every setting, its value and where it comes from, and end")
	fs.Var(choice{&o.completion, []string{"bash", "zsh", "fish"}}, "completion", "write what this shell needs to complete command lines")
	fs.BoolVar(&o.man, "man", false, "write the manual page: crawl -man | man -l -")
	fs.BoolVarP(&o.help, "help", "h", false, "show this")
	fs.BoolVar(&o.ver, "version", false, "show the version, and what it was built of")
	typedOnly(fs, "config", "print-config", "completion", "man", "help", "version")
}

// messageFlags are what is said on stderr.
func (o *options) messageFlags(fs *pflag.FlagSet) {
	v := &o.voice
	v.progress, v.log = whenAuto, logText
	fs.Var(choice{&v.progress, []string{whenAuto, whenAlways, whenNever}}, "progress", "a line that shows how far the run is; auto is on a terminal, and always writes one every 10 s elsewhere")
	fs.BoolVarP(&o.quiet, "quiet", "q", false, "no summary, no notices: only errors on stderr")
	fs.BoolVarP(&v.verbose, "verbose", "v", false, "tell each retry, redirect and pause of a host on stderr")
	fs.Var(address{&v.metrics}, "metrics", "while the run goes on, serve Prometheus metrics (/metrics) and profiles (/debug/pprof/) at a port of loopback; at another address, like 10.1.2.3:9090, metrics only, to whoever reaches it")
	fs.Var(choice{&v.log, []string{logText, logJSON}}, "log", "messages as lines of text or of JSON; the summary too")
}
