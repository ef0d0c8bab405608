package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/spf13/pflag"
)

const intro = `crawl fetches every URL of a list, many at once and politely, and writes one
record per line.

`

// usage is a form that a command line has.
type usage struct{ form, what string }

// usages are the forms that help and manual page show.
func usages() []usage {
	return []usage{
		{"crawl [FLAGS] -urls FILE", "the main job; URLs may also be arguments"},
		{"crawl [FLAGS] URL... -depth N", "follow links"},
		{"crawl -demo", "see it work, offline"},
		{"crawl report FILE...", "a page to look at: crawl report -help"},
	}
}

// conventions are how flags and their values are written.
const conventions = "Long flags take one dash or two. A TIME is 30s, 1m30s, or a number of seconds; a RATE is 2/s, 30/m or 100/h; a SIZE is 500k, 16MiB, 2MB, or a number of bytes."

// width is the terminal that the help fits.
const width = 80

// explain is the text of a command line that asks for no run: help, a manual page,
// settings, the version. It is nil if there is a run.
func (o *options) explain(fs *pflag.FlagSet) ([]byte, error) {
	var text bytes.Buffer
	var err error
	switch {
	case o.help:
		writeHelp(&text, fs)
	case o.man:
		writeMan(&text, fs)
	case o.completion != "":
		writeCompletion(&text, fs, o.completion)
	case o.ver:
		fmt.Fprintln(&text, versionLine())
	case o.printConfig:
		err = o.writeConfig(&text, fs)
	}
	return text.Bytes(), err
}

// show writes a text that a command line asks for, if err is nil, and returns the
// exit code.
func show(stdout, stderr io.Writer, text []byte, err error) int {
	if err == nil {
		_, err = stdout.Write(text)
	}
	switch {
	case errors.Is(err, syscall.EPIPE):
		return exitReaderGone
	case err != nil:
		return complain(stderr, exitIO, err)
	}
	return exitOK
}

// writeHelp prints every flag under its theme, then examples and exit codes.
func writeHelp(w io.Writer, fs *pflag.FlagSet) {
	fmt.Fprint(w, intro)
	for _, u := range usages() {
		fmt.Fprintf(w, "  %-31s%s\n", u.form, u.what)
	}
	fmt.Fprintln(w)
	for _, line := range wrap(conventions, width) {
		fmt.Fprintln(w, line)
	}
	for _, theme := range themes(fs) {
		fmt.Fprintf(w, "\n%s\n", theme.name)
		for _, f := range theme.flags {
			writeFlag(w, fs, f)
		}
	}
	fmt.Fprint(w, "\nSettings that the command line leaves open come from variables such as\nCRAWL_HOST_RATE, then from the file of -config.\n\nExamples\n")
	for _, e := range examples() {
		fmt.Fprintf(w, "  # %s\n", e.what)
		for line := range strings.Lines(e.command + "\n") {
			fmt.Fprint(w, "  "+line)
		}
	}
	fmt.Fprint(w, "\nSignals\n")
	for _, s := range signals() {
		for i, line := range wrap(s.meaning, width-26) {
			name := ""
			if i == 0 {
				name = s.name
			}
			fmt.Fprintf(w, "  %-24s%s\n", name, line)
		}
	}
	fmt.Fprint(w, "\nRecords\n")
	for _, line := range wrap(recordParts(), width-2) {
		fmt.Fprintln(w, "  "+line)
	}
	fmt.Fprint(w, "\nExit codes\n")
	for _, c := range exitCodes() {
		fmt.Fprintf(w, "  %-9s %s\n", c.code, c.meaning)
	}
}

// themed are the flags under one heading.
type themed struct {
	name  string
	flags []*pflag.Flag
}

// themes are the flags that are shown, in their order.
func themes(fs *pflag.FlagSet) []themed {
	var all []themed
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		if name := themeOf(f); len(all) == 0 || all[len(all)-1].name != name {
			all = append(all, themed{name: name})
		}
		last := &all[len(all)-1]
		last.flags = append(last.flags, f)
	})
	return all
}

// takesValue says that a flag is no switch.
func takesValue(f *pflag.Flag) bool { return f.NoOptDefVal == "" }

// placeholder is what stands for a flag's value: FILE, TIME, jsonl|text; "" of a
// switch.
func placeholder(f *pflag.Flag) string {
	value, _ := pflag.UnquoteUsage(f)
	switch {
	case !takesValue(f):
		return ""
	case len(choices(f)) > 0:
		return f.Value.Type()
	}
	return strings.ToUpper(value)
}

// choices are the words that a flag takes, if these are all.
func choices(f *pflag.Flag) []string {
	if c, ok := f.Value.(choice); ok {
		return c.words
	}
	return nil
}

// meaning is what a flag is for, with its default.
func meaning(f *pflag.Flag) string {
	_, usage := pflag.UnquoteUsage(f)
	if !isNothing(f.DefValue) {
		usage += " (default " + f.DefValue + ")"
	}
	return usage
}

// writeFlag prints a flag: its names, its value, and its usage wrapped beside.
func writeFlag(w io.Writer, fs *pflag.FlagSet, f *pflag.Flag) {
	const column = 26
	head := "  -" + f.Name
	if value := placeholder(f); value != "" {
		head += " " + value
	}
	for _, alias := range aliases(fs, f) {
		head += ", -" + alias
	}
	lines := wrap(meaning(f), width-column)
	if utf8.RuneCountInString(head) > column-2 {
		fmt.Fprintln(w, head)
		head = ""
	}
	for _, line := range lines {
		fmt.Fprintf(w, "%-*s%s\n", column, head, line)
		head = ""
	}
}

// aliases are the other names of a flag: its short one, and those of hidden
// flags with the same value.
func aliases(fs *pflag.FlagSet, f *pflag.Flag) []string {
	var names []string
	if f.Shorthand != "" {
		names = append(names, f.Shorthand)
	}
	own, ok := f.Value.(many)
	fs.VisitAll(func(other *pflag.Flag) {
		v, gathers := other.Value.(many)
		if ok && gathers && other.Hidden && other.Shorthand != "" && v.ss == own.ss {
			names = append(names, other.Shorthand)
		}
	})
	return names
}

// wrap breaks text at spaces into lines of at most n columns.
func wrap(text string, n int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > n:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
