package cli

import (
	"bytes"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// manual is the page of -man.
func manual(t *testing.T) (string, *pflag.FlagSet) {
	t.Helper()
	o, fs, err := parse([]string{"-man"})
	if err != nil {
		t.Fatal(err)
	}
	text, err := o.explain(fs)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), fs
}

// No reader of manual pages has anything to say about ours.
func TestTheManualIsGoodRoff(t *testing.T) {
	page, _ := manual(t)
	for _, command := range []string{"groff -ww -man -Tutf8 -Kutf8", "mandoc -Tlint -W warning"} {
		t.Run(command[:strings.IndexByte(command, ' ')], func(t *testing.T) {
			args := strings.Fields(command)
			cmd := exec.CommandContext(t.Context(), program(t, args[0]), args[1:]...)
			cmd.Stdin = strings.NewReader(page)
			var said bytes.Buffer
			cmd.Stderr = &said
			out, err := cmd.Output()
			if args[0] == "mandoc" {
				said, err = *bytes.NewBuffer(out), nil // its code tells of what it says
			}
			for line := range strings.Lines(said.String()) {
				if !strings.Contains(line, "missing date") { // it is of no day, but of a version
					t.Error(line)
				}
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// A reader sees every flag, its value and what it means, as in the help, and the
// dashes are those of the keyboard.
func TestTheManualSaysWhatTheHelpSays(t *testing.T) {
	page, fs := manual(t)
	cmd := exec.CommandContext(t.Context(), program(t, "groff"), "-man", "-Tutf8", "-Kutf8", "-P-c", "-rLL=1000n", "-rHY=0")
	cmd.Stdin = strings.NewReader(page)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	read := squeeze(regexp.MustCompile(".\x08").ReplaceAllString(string(out), ""))
	var o bytes.Buffer
	writeHelp(&o, fs)
	help := squeeze(o.String())
	for _, f := range shown(fs) {
		head := "-" + f.Name
		if value := placeholder(f); value != "" {
			head += " " + value
		}
		for _, alias := range aliases(fs, f) {
			head += ", -" + alias
		}
		want := squeeze(head + " " + meaning(f))
		if !strings.Contains(read, want) {
			t.Errorf("the manual has no %q", want)
		}
		if !strings.Contains(help, want) {
			t.Errorf("the help has no %q", want)
		}
	}
	for _, u := range usages() {
		if !strings.Contains(read, u.form) || !strings.Contains(help, u.form) {
			t.Errorf("%s: it is not in both", u.form)
		}
	}
	for _, e := range examples() {
		for line := range strings.SplitSeq(e.command, "\n") {
			if !strings.Contains(read, squeeze(line)) || !strings.Contains(help, squeeze(line)) {
				t.Errorf("%s: it is not in both", line)
			}
		}
	}
	for _, c := range exitCodes() {
		if want := c.code + " " + c.meaning; !strings.Contains(read, want) || !strings.Contains(help, want) {
			t.Errorf("exit code %s is not in both", c.code)
		}
	}
}

// Whatever a text has, it is text to roff.
func TestTextIsNoRoff(t *testing.T) {
	for in, want := range map[string]string{
		".TH":        `\&.TH`,
		"'br":        `\(aqbr`,
		`a\nb`:       `a\enb`,
		"-x ~ ^ `%`": `\-x \(ti \(ha \(ga%\(ga`,
		`"a"`:        `\(dqa\(dq`,
		"a.b":        "a.b",
	} {
		if got := escapeRoff(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
