package cli

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/pflag"
)

// The manual page, in the man macros of roff (man(7)), made from the flag set and
// from what the help is made of.

// roff writes the parts of a page. What is text is never taken for a request or an
// escape, and its dashes can be copied into a shell.
type roff struct {
	w     io.Writer
	fresh bool // a section has just begun
}

var roffText = strings.NewReplacer(`\`, `\e`, `-`, `\-`, `'`, `\(aq`, "`", `\(ga`, `^`, `\(ha`, `~`, `\(ti`, `"`, `\(dq`)

func escapeRoff(s string) string {
	s = roffText.Replace(s)
	if strings.HasPrefix(s, ".") {
		return `\&` + s
	}
	return s
}

func (r *roff) section(name string) {
	fmt.Fprintf(r.w, ".SH %s\n", escapeRoff(strings.ToUpper(name)))
	r.fresh = true
}

// paragraph begins one, unless the section has done so.
func (r *roff) paragraph() {
	if !r.fresh {
		fmt.Fprintln(r.w, ".PP")
	}
	r.fresh = false
}

// lines writes text that the reader's terminal wraps anew.
func (r *roff) lines(s string) {
	for _, line := range wrap(s, width) {
		fmt.Fprintln(r.w, escapeRoff(line))
	}
}

func (r *roff) text(s string) {
	r.paragraph()
	r.lines(s)
}

// item is a term and what it means.
func (r *roff) item(term, meaning string) {
	fmt.Fprintf(r.w, ".TP\n\\fB%s\\fR\n", escapeRoff(term))
	r.lines(meaning)
	r.fresh = false
}

// command is a line as it is typed.
func (r *roff) command(s string) {
	r.paragraph()
	fmt.Fprint(r.w, ".RS 4\n.EX\n")
	for line := range strings.SplitSeq(s, "\n") {
		fmt.Fprintln(r.w, escapeRoff(line))
	}
	fmt.Fprint(r.w, ".EE\n.RE\n")
}

// inFonts is a form of the command line: what is typed as it stands is bold, and
// what stands for something else, in capitals, italic.
func inFonts(form string) string {
	return regexp.MustCompile(`[A-Z]+|[a-z-]+`).ReplaceAllStringFunc(form, func(word string) string {
		if strings.ToUpper(word) == word {
			return `\fI` + escapeRoff(word) + `\fR`
		}
		return `\fB` + escapeRoff(word) + `\fR`
	})
}

// writeMan writes the manual page.
func writeMan(w io.Writer, fs *pflag.FlagSet) {
	r := &roff{w: w}
	fmt.Fprintf(w, ".TH CRAWL 1 \"\" \"crawl %s\"\n", escapeRoff(version))
	r.section("Name")
	fmt.Fprintln(w, `crawl \- fetch every URL of a list, many at once and politely`)
	r.section("Synopsis")
	for i, u := range usages() {
		if i > 0 {
			fmt.Fprintln(w, ".br")
		}
		fmt.Fprintln(w, inFonts(u.form))
	}
	r.section("Description")
	r.text("crawl fetches every URL of a list, many at once and politely, and writes exactly one record per line: what came, or why it did not. Records go to standard output, messages and the summary to standard error.")
	r.text(conventions)
	r.section("Options")
	for _, theme := range themes(fs) {
		fmt.Fprintf(w, ".SS %s\n", escapeRoff(theme.name))
		for _, f := range theme.flags {
			r.flag(fs, f)
		}
	}
	r.section("Exit status")
	for _, c := range exitCodes() {
		r.item(c.code, c.meaning)
	}
	manSettings(r)
	r.section("Signals")
	for _, s := range signals() {
		r.item(s.name, s.meaning)
	}
	r.section("Records")
	r.text(recordParts())
	r.section("Examples")
	for _, e := range examples() {
		r.text(e.what + ":")
		r.command(e.command)
	}
	r.section("See also")
	fmt.Fprintln(w, "\\fBcurl\\fR(1), \\fBwget\\fR(1), \\fBjq\\fR(1)")
}

// flag is an item of the options.
func (r *roff) flag(fs *pflag.FlagSet, f *pflag.Flag) {
	fmt.Fprintf(r.w, ".TP\n\\fB%s\\fR", escapeRoff("-"+f.Name))
	if value := placeholder(f); value != "" {
		fmt.Fprintf(r.w, " \\fI%s\\fR", escapeRoff(value))
	}
	for _, alias := range aliases(fs, f) {
		fmt.Fprintf(r.w, ", \\fB%s\\fR", escapeRoff("-"+alias))
	}
	fmt.Fprintln(r.w)
	r.lines(meaning(f))
}

// manSettings are the sections on where settings come from.
func manSettings(r *roff) {
	r.section("Environment")
	r.item("CRAWL_*", "Each flag that is a setting has a variable: CRAWL_HOST_RATE for -host-rate. A flag on the command line counts for more. An empty variable is as if it were not there; of a flag that may be repeated, it has a value on each line. A switch is true or false. -print-config shows all settings.")
	r.item("CRAWL_CONFIG", "The file of settings, as -config has it.")
	r.item("HTTP_PROXY, HTTPS_PROXY, NO_PROXY", "The proxies to go through, and the hosts to go to without.")
	r.item("NETRC", "The file of -netrc, instead of ~/.netrc.")
	r.item("NO_COLOR, TERM, CI", "No colour where NO_COLOR is not empty; neither colour nor a progress line where TERM is dumb or not set; no progress line where CI is set.")
	r.item("TMPDIR", "Where lines and records wait that memory does not hold.")
	r.section("Files")
	r.item("$XDG_CONFIG_HOME/crawl/config.toml, ~/.config/crawl/config.toml", "Settings, in TOML: the names of flags, without dashes, and their values. Variables and flags count for more. A flag that may be repeated takes an array.")
	r.command("host-rate = \"2/s\"   # a comment\ncookies = true\nheader = [\"Accept-Language: de\", \"DNT: 1\"]")
	r.item("~/.netrc", "Names and passwords by host, with -netrc.")
}
