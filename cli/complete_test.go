package cli

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// completionOf writes a shell's script into dir, beside what it may complete.
func completionOf(t *testing.T, shell string) (dir string) {
	t.Helper()
	o, fs, err := parse([]string{"-completion", shell})
	if err != nil {
		t.Fatal(err)
	}
	script, err := o.explain(fs)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	for _, name := range []string{"in put/list.txt", "in put/sub/x"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "script"), script, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// inShell runs a program in dir, and returns the lines that it prints.
func inShell(t *testing.T, dir, input string, command ...string) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(t, command[0]), command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_DATA_HOME="+dir, "LC_ALL=C")
	cmd.Stdin = strings.NewReader(input)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil || errs.Len() > 0 {
		t.Fatalf("%s: %v\n%s%s", command[0], err, out, errs.Bytes())
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// Bash completes names with as many dashes as were typed, words of a choice, files
// and directories.
func TestBashCompletes(t *testing.T) {
	dir := completionOf(t, "bash")
	var input strings.Builder
	input.WriteString("source ./script\nt() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _crawl; echo \"${COMPREPLY[*]}\"; }\n")
	input.WriteString("compopt() { COMPREPLY=(\"$*\"); }\n") // which bash has only while it completes
	cases := []struct{ words, want string }{
		{"crawl -ord", "-order"},
		{"crawl --host-d", "--host-delay"},
		{"crawl -q -order ''", "completed input"},
		{"crawl --order in", "input"},
		{"crawl --order =", "completed input"},
		{"crawl --order = c", "completed"},
		{"crawl -urls ''", "-o default"},
		{"crawl -i ''", "-o default"},
		{"crawl -l ''", "-o default"},
		{"crawl -o ''", "-o default"},
		{"crawl -state ''", "-o dirnames"},
		{"crawl -rate -c", ""}, // it would be the value of -rate
		{"crawl -q http", ""},
		{"crawl re", "report"},
		{"crawl r", "report"},
		{"crawl report ''", "-o default"},
		{"crawl report out", "-o default"},
		{"crawl report -ro", "-rows"},
		{"crawl report out.jsonl --ou", "--output"},
		{"crawl report -q out.jsonl -q", "-quiet"},
		{"crawl report -", "-output -rows -quiet -help"},
		{"crawl report -rows ''", ""},
		{"crawl report -o ''", "-o default"},
		{"crawl report -order ''", "-o default"}, // a run's
		{"crawl report -ord", ""},
		{"crawl -q report -ord", "-order"}, // report is no first word
		{"crawl -q re", ""},
		{"crawl -lis", ""}, // a hidden one
	}
	for _, c := range cases {
		input.WriteString("t " + c.words + "\n")
	}
	input.WriteString("complete -p crawl\n")
	got := inShell(t, dir, input.String(), "bash", "--norc", "--noprofile", "-u")
	if len(got) != len(cases)+1 || got[len(cases)] != "complete -F _crawl crawl" {
		t.Fatalf("%q", got)
	}
	for i, c := range cases {
		if got[i] != c.want {
			t.Errorf("%s: %q, want %q", c.words, got[i], c.want)
		}
	}
}

// Zsh completes a line as it is typed; what it makes of each is printed by a key.
func TestZshCompletes(t *testing.T) {
	dir := completionOf(t, "zsh")
	const prepare = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PROMPT=; autoload -Uz compinit; compinit -D -u; source ./script; show() { zle -I; print -r -- "<$BUFFER>"; BUFFER= }; zle -N show; bindkey "^X" show; print READY-$((1+1))'
zpty -r -m z text '*READY-2*'
t() { zpty -w -n z "$1"$'\t\x18'; zpty -r -m z text $'*<*>*'; print -r -- "${${text##*<}%%>*}"; }
`
	cases := []struct{ typed, want string }{
		{"crawl -ord", "crawl -order="},
		{"crawl --host-r", "crawl --host-rate="},
		{"crawl -order c", "crawl -order completed "},
		{"crawl --order=i", "crawl --order=input "},
		{"crawl -i in\\ put/l", "crawl -i in\\ put/list.txt "},
		{"crawl -state in\\ put/", "crawl -state in\\ put/sub/"},
		{"crawl repo", "crawl report "},
		{"crawl report in\\ put/l", "crawl report in\\ put/list.txt "},
		{"crawl report -ro", "crawl report -rows="},
		{"crawl report --outp", "crawl report --output="},
		{"crawl report -o in\\ put/l", "crawl report -o in\\ put/list.txt "},
		{"crawl report x -quie", "crawl report x -quiet "},
		{"crawl report -q in\\ put/l", "crawl report -q in\\ put/list.txt "},
		{"crawl report -host-r", "crawl report -host-r"},
		{"crawl -q -digest -robo", "crawl -q -digest -robots "},
	}
	input := prepare
	for _, c := range cases {
		input += "t '" + c.typed + "'\n"
	}
	got := inShell(t, dir, input+"zpty -d z\n", "zsh", "-f")
	if len(got) != len(cases) {
		t.Fatalf("%q", got)
	}
	for i, c := range cases {
		if got[i] != c.want {
			t.Errorf("%s: %q, want %q", c.typed, got[i], c.want)
		}
	}
}

// Fish names what it would complete a line to.
func TestFishCompletes(t *testing.T) {
	dir := completionOf(t, "fish")
	for typed, want := range map[string][]string{
		"crawl -ord":                {"-order"},
		"crawl -fo":                 {"-format"},
		"crawl -o in\\ put/":        {"in put/list.txt", "in put/sub/"},
		"crawl --host-d":            {"--host-delay"},
		"crawl -order ":             {"completed", "input"},
		"crawl --order=i":           {"--order=input"},
		"crawl -urls in\\ put/":     {"in put/list.txt", "in put/sub/"},
		"crawl -i in\\ put/l":       {"in put/list.txt"},
		"crawl -state in\\ put/":    {"in put/sub/"},
		"crawl repo":                {"report"},
		"crawl report in\\ put/l":   {"in put/list.txt"},
		"crawl report -ro":          {"-rows"},
		"crawl report x --outp":     {"--output"},
		"crawl report -o in\\ put/": {"in put/list.txt", "in put/sub/"},
		"crawl report -host-r":      {""},
		"crawl -q report -host-r":   {"-host-rate"},
		"crawl -rate ":              {""},
		"crawl http":                {""},
	} {
		got := inShell(t, dir, "source ./script; complete -C '"+strings.ReplaceAll(typed, `\`, `\\`)+"'", "fish", "--no-config")
		for i := range got {
			got[i], _, _ = strings.Cut(got[i], "\t")
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", typed, got, want)
		}
	}
}

// Each of report's flags is completed behind that word, in every shell.
func TestEveryFlagOfReportIsCompleted(t *testing.T) {
	for shell, form := range map[string]string{"bash": "-%s", "zsh": "--%s", "fish": "complete -c crawl -n __crawl_reports -o %s "} {
		o, fs, err := parse([]string{"-completion", shell})
		if err != nil {
			t.Fatal(err)
		}
		text, err := o.explain(fs)
		if err != nil {
			t.Fatal(err)
		}
		part, _, _ := strings.Cut(string(text), "return\n  fi")
		(&reportOptions{}).flags().VisitAll(func(f *pflag.Flag) {
			if !strings.Contains(part, strings.ReplaceAll(form, "%s", f.Name)) {
				t.Errorf("%s: -%s is not there", shell, f.Name)
			}
		})
	}
}

// Every flag that help shows is completed, by all its names.
func TestEveryFlagIsCompleted(t *testing.T) {
	for shell, form := range map[string]string{"bash": " -%s ", "zsh": " -%s[", "fish": " -l %s "} {
		o, fs, err := parse([]string{"-completion", shell})
		if err != nil {
			t.Fatal(err)
		}
		text, err := o.explain(fs)
		if err != nil {
			t.Fatal(err)
		}
		script := strings.NewReplacer("\n", " ", "'", " ", "=[", "[", "+[", "[", "*", " ", ")", " ").Replace(string(text))
		fs.VisitAll(func(f *pflag.Flag) {
			if found := strings.Contains(script, strings.ReplaceAll(form, "%s", f.Name)); found == f.Hidden {
				t.Errorf("%s: -%s is there: %v", shell, f.Name, found)
			}
		})
	}
}
