package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"
)

// What shells need to complete a command line, made from the flag set: names with
// one dash or two, files and directories where a flag takes them, and the words of
// a choice.

// completed are the two forms of a command line: that of a run, and that behind the
// first word report.
type completed struct{ run, report []completion }

// completion is a flag, the other names that it has, and what its value is like.
type completion struct {
	flag    *pflag.Flag
	aliases []string
	usage   string
	words   []string // of a choice
}

// writeCompletion writes the script for a shell.
func writeCompletion(w io.Writer, fs *pflag.FlagSet, shell string) {
	c := completed{run: completions(fs, shown(fs))}
	reports := (&reportOptions{}).flags()
	var flags []*pflag.Flag
	reports.VisitAll(func(f *pflag.Flag) { flags = append(flags, f) })
	c.report = completions(reports, flags)
	switch shell {
	case "bash":
		bashCompletion(w, &c)
	case "zsh":
		zshCompletion(w, &c)
	case "fish":
		fishCompletion(w, &c)
	}
}

// completions are those of flags of a set.
func completions(fs *pflag.FlagSet, flags []*pflag.Flag) []completion {
	var list []completion
	for _, f := range flags {
		_, usage := pflag.UnquoteUsage(f)
		list = append(list, completion{f, aliases(fs, f), usage, choices(f)})
	}
	return list
}

// shown are the flags that are not hidden.
func shown(fs *pflag.FlagSet) []*pflag.Flag {
	var flags []*pflag.Flag
	for _, theme := range themes(fs) {
		flags = append(flags, theme.flags...)
	}
	return flags
}

// takesFile and takesDir say what a flag's value names.
func takesFile(f *pflag.Flag) bool { return strings.HasPrefix(placeholder(f), "FILE") }
func takesDir(f *pflag.Flag) bool  { return placeholder(f) == "DIR" }

// bashCompletion writes a function for complete -F. Bash breaks words at "=", so
// that a value may be the word after it.
func bashCompletion(w io.Writer, c *completed) {
	fmt.Fprintf(w, `# bash completion for crawl: source <(crawl -completion bash)
_crawl() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} dash=
  COMPREPLY=()
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  [[ $cur == --* ]] && dash=-
  if [[ ${COMP_WORDS[1]} == report && COMP_CWORD -gt 1 ]]; then
    case ${prev/#--/-} in
%s    esac
    if [[ $cur == -* ]]; then
      COMPREPLY=($(compgen -P "$dash" -W '%s' -- "${cur#"$dash"}"))
    else
      compopt -o default 2>/dev/null
    fi
    return
  fi
  case ${prev/#--/-} in
%s  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -P "$dash" -W '%s' -- "${cur#"$dash"}"))
  elif ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W report -- "$cur"))
  fi
}
complete -F _crawl crawl
`, bashCases(c.report, "    "), bashNames(c.report), bashCases(c.run, "  "), bashNames(c.run))
}

func bashNames(list []completion) string {
	var names []string
	for _, c := range list {
		names = append(names, "-"+c.flag.Name)
	}
	return strings.Join(names, " ")
}

// bashCases are what the word behind a flag is completed to.
func bashCases(list []completion, indent string) string {
	var cases strings.Builder
	for _, c := range list {
		if !takesValue(c.flag) {
			continue
		}
		action := ":"
		switch {
		case len(c.words) > 0:
			action = fmt.Sprintf(`COMPREPLY=($(compgen -W '%s' -- "$cur"))`, strings.Join(c.words, " "))
		case takesFile(c.flag):
			action = "compopt -o default 2>/dev/null"
		case takesDir(c.flag):
			action = "compopt -o dirnames 2>/dev/null"
		}
		pattern := "-" + c.flag.Name
		for _, alias := range c.aliases {
			pattern += "|-" + alias
		}
		fmt.Fprintf(&cases, "%s%s) %s; return ;;\n", indent, pattern, action)
	}
	return cases.String()
}

// zshCompletion writes a function for compdef, which may also be a file of fpath.
func zshCompletion(w io.Writer, c *completed) {
	fmt.Fprintf(w, `#compdef crawl
# zsh completion for crawl: source <(crawl -completion zsh)
_crawl() {
  if ((CURRENT > 2)) && [[ $words[2] == report ]]; then
    shift words
    ((CURRENT--))
    _arguments -S \
%s      '*:FILE:_files'
    return
  fi
  _arguments -S \
%s    '1:URL or report:(report)' '*:URL:_urls'
}
if [ "${funcstack[1]}" = _crawl ]; then
  _crawl "$@"
else
  compdef _crawl crawl
fi
`, zshSpecs(c.report, "      "), zshSpecs(c.run, "    "))
}

// zshSpecs are the flags as _arguments takes them.
func zshSpecs(list []completion, indent string) string {
	quote := strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `:`, `\:`, `'`, `'\''`)
	var specs strings.Builder
	for _, c := range list {
		names := []string{"-" + c.flag.Name, "--" + c.flag.Name}
		for _, alias := range c.aliases {
			names = append(names, "-"+alias)
		}
		value := ""
		if takesValue(c.flag) {
			action := "( )"
			switch {
			case len(c.words) > 0:
				action = "(" + strings.Join(c.words, " ") + ")"
			case takesFile(c.flag):
				action = "_files"
			case takesDir(c.flag):
				action = "_files -/"
			}
			value = fmt.Sprintf(":%s:%s", quote.Replace(placeholder(c.flag)), action)
		}
		for _, name := range names {
			if takesValue(c.flag) && len(name) > 2 {
				name += "=" // the value comes with it, or as the next word
			} else if takesValue(c.flag) {
				name += "+"
			}
			if isRepeatable(c.flag) {
				name = "*" + name
			} else {
				name = "(" + strings.Join(names, " ") + ")" + name
			}
			fmt.Fprintf(&specs, "%s'%s[%s]%s' \\\n", indent, name, quote.Replace(c.usage), value)
		}
	}
	return specs.String()
}

// fishCompletion writes a complete command for each flag.
func fishCompletion(w io.Writer, c *completed) {
	fmt.Fprint(w, `# fish completion for crawl: crawl -completion fish | source
function __crawl_reports
  set -l words (commandline -opc)
  test "$words[2]" = report
end
complete -c crawl -f
complete -c crawl -n 'test (count (commandline -opc)) -eq 1' -a report
complete -c crawl -n __crawl_reports -F
`)
	fishFlags(w, "__crawl_reports", c.report)
	fishFlags(w, "'not __crawl_reports'", c.run)
}

// fishFlags writes those of the flags that are there on a condition.
func fishFlags(w io.Writer, condition string, list []completion) {
	quote := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	for _, c := range list {
		line := "complete -c crawl -n " + condition + " -o " + c.flag.Name + " -l " + c.flag.Name
		for _, alias := range c.aliases {
			line += " -o " + alias // with -s, fish takes -ord for "-o rd"
		}
		switch {
		case len(c.words) > 0:
			line += " -x -a '" + strings.Join(c.words, " ") + "'"
		case takesFile(c.flag):
			line += " -r -F"
		case takesDir(c.flag):
			line += " -x -a '(__fish_complete_directories)'"
		case takesValue(c.flag):
			line += " -x"
		}
		fmt.Fprintf(w, "%s -d '%s'\n", line, quote.Replace(c.usage))
	}
}
