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

// writeCompletion writes the script for a shell.
func writeCompletion(w io.Writer, fs *pflag.FlagSet, shell string) {
	switch shell {
	case "bash":
		bashCompletion(w, fs)
	case "zsh":
		zshCompletion(w, fs)
	case "fish":
		fishCompletion(w, fs)
	}
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
func bashCompletion(w io.Writer, fs *pflag.FlagSet) {
	var names []string
	var cases strings.Builder
	for _, f := range shown(fs) {
		names = append(names, "-"+f.Name)
		if !takesValue(f) {
			continue
		}
		action := ":"
		switch words := choices(f); {
		case len(words) > 0:
			action = fmt.Sprintf(`COMPREPLY=($(compgen -W '%s' -- "$cur"))`, strings.Join(words, " "))
		case takesFile(f):
			action = "compopt -o default 2>/dev/null"
		case takesDir(f):
			action = "compopt -o dirnames 2>/dev/null"
		}
		pattern := "-" + f.Name
		for _, alias := range aliases(fs, f) {
			pattern += "|-" + alias
		}
		fmt.Fprintf(&cases, "  %s) %s; return ;;\n", pattern, action)
	}
	fmt.Fprintf(w, `# bash completion for crawl: source <(crawl -completion bash)
_crawl() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} dash=
  COMPREPLY=()
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  case ${prev/#--/-} in
%s  esac
  if [[ ${COMP_WORDS[1]} == report && COMP_CWORD -gt 1 ]]; then
    compopt -o default 2>/dev/null
  elif [[ $cur == -* ]]; then
    [[ $cur == --* ]] && dash=-
    COMPREPLY=($(compgen -P "$dash" -W '%s' -- "${cur#"$dash"}"))
  elif ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W report -- "$cur"))
  fi
}
complete -F _crawl crawl
`, cases.String(), strings.Join(names, " "))
}

// zshCompletion writes a function for compdef, which may also be a file of fpath.
func zshCompletion(w io.Writer, fs *pflag.FlagSet) {
	quote := strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `:`, `\:`, `'`, `'\''`)
	fmt.Fprint(w, "#compdef crawl\n# zsh completion for crawl: source <(crawl -completion zsh)\n_crawl() {\n  if ((CURRENT > 2)) && [[ $words[2] == report ]]; then\n    _files\n    return\n  fi\n  _arguments -S \\\n")
	for _, f := range shown(fs) {
		names := []string{"-" + f.Name, "--" + f.Name}
		for _, alias := range aliases(fs, f) {
			names = append(names, "-"+alias)
		}
		_, usage := pflag.UnquoteUsage(f)
		value := ""
		if takesValue(f) {
			action := "( )"
			switch words := choices(f); {
			case len(words) > 0:
				action = "(" + strings.Join(words, " ") + ")"
			case takesFile(f):
				action = "_files"
			case takesDir(f):
				action = "_files -/"
			}
			value = fmt.Sprintf(":%s:%s", quote.Replace(placeholder(f)), action)
		}
		for _, name := range names {
			if takesValue(f) && len(name) > 2 {
				name += "=" // the value comes with it, or as the next word
			} else if takesValue(f) {
				name += "+"
			}
			if isRepeatable(f) {
				name = "*" + name
			} else {
				name = "(" + strings.Join(names, " ") + ")" + name
			}
			fmt.Fprintf(w, "    '%s[%s]%s' \\\n", name, quote.Replace(usage), value)
		}
	}
	fmt.Fprint(w, `    '1:URL or report:(report)' '*:URL:_urls'
}
if [ "${funcstack[1]}" = _crawl ]; then
  _crawl "$@"
else
  compdef _crawl crawl
fi
`)
}

// fishCompletion writes a complete command for each flag.
func fishCompletion(w io.Writer, fs *pflag.FlagSet) {
	quote := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	fmt.Fprint(w, "# fish completion for crawl: crawl -completion fish | source\ncomplete -c crawl -f\n"+
		"complete -c crawl -n __fish_use_subcommand -a report\ncomplete -c crawl -n '__fish_seen_subcommand_from report' -F\n")
	for _, f := range shown(fs) {
		line := "complete -c crawl -o " + f.Name + " -l " + f.Name
		for _, alias := range aliases(fs, f) {
			line += " -o " + alias // with -s, fish takes -ord for "-o rd"
		}
		switch words := choices(f); {
		case len(words) > 0:
			line += " -x -a '" + strings.Join(words, " ") + "'"
		case takesFile(f):
			line += " -r -F"
		case takesDir(f):
			line += " -x -a '(__fish_complete_directories)'"
		case takesValue(f):
			line += " -x"
		}
		_, usage := pflag.UnquoteUsage(f)
		fmt.Fprintf(w, "%s -d '%s'\n", line, quote.Replace(usage))
	}
}
