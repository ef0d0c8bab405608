package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"
)

const intro = `crawl fetches every URL of a list, many at once and politely, and writes one
record per line.

  crawl -urls list.txt                      records to stdout as they finish
  crawl -urls list.txt -order input -o out.jsonl
  cut -f3 sites.tsv | crawl -urls - -links  URLs from a pipe
  crawl https://example.com -select 'heading=h1'
  crawl -demo                               see it work, offline

Long flags take one dash or two.
`

const outro = `
Exit: 0 every line ok · 1 some failed · 2 usage · 3 list or output trouble ·
4 no answer at all · 5 deadline · 75 another run has the -state ·
130 SIGINT · 143 SIGTERM · 141 reader gone
`

// width is the terminal that the help fits.
const width = 80

// writeHelp prints every flag under its theme.
func writeHelp(w io.Writer, fs *pflag.FlagSet) {
	fmt.Fprint(w, intro)
	last := ""
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		if theme := f.Annotations[group][0]; theme != last {
			fmt.Fprintf(w, "\n%s\n", theme)
			last = theme
		}
		writeFlag(w, fs, f)
	})
	fmt.Fprint(w, outro)
}

// writeFlag prints a flag: its names, its value, and its usage wrapped beside.
func writeFlag(w io.Writer, fs *pflag.FlagSet, f *pflag.Flag) {
	const column = 26
	value, usage := pflag.UnquoteUsage(f)
	head := "  -" + f.Name
	if f.NoOptDefVal == "" {
		head += " " + strings.ToUpper(value)
		if strings.Contains(f.Value.Type(), "|") {
			head = "  -" + f.Name + " " + f.Value.Type()
		}
	}
	for _, alias := range aliases(fs, f) {
		head += ", -" + alias
	}
	switch f.DefValue {
	case "", "0", "0s", "false":
	default:
		usage += " (default " + f.DefValue + ")"
	}
	lines := wrap(usage, width-column)
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
	if f.Name == "urls" {
		names = append(names, fs.Lookup("list").Shorthand)
	}
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
