package cli_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"crawl/cli"
)

const aRecord = `{"schema":1,"url":"https://a.example/","ok":true,"status":200}` + "\n"

// A report that waits for its input, or for the reader of its page, ends with a
// signal, and leaves no half of a file.
func TestAReportEndsWithASignal(t *testing.T) {
	dir := t.TempDir()
	silent, w := io.Pipe()
	defer w.Close()
	unread, out := io.Pipe()
	defer unread.Close()
	for name, c := range map[string]struct {
		args  []string
		stdin io.Reader
		out   io.Writer
	}{
		"no input":  {[]string{"report", "-", "-o", filepath.Join(dir, "page.html")}, silent, io.Discard},
		"no reader": {[]string{"report", "-"}, strings.NewReader(aRecord), out},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		ended := make(chan int)
		var errs bytes.Buffer
		go func() { ended <- cli.Run(ctx, c.args, c.stdin, c.out, &errs) }()
		cancel(cli.Stopped{Signal: syscall.SIGINT})
		if code := <-ended; code != 130 || errs.String() != "crawl report: stopped by SIGINT\n" {
			t.Errorf("%s: code %d, %q", name, code, errs.String())
		}
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// A signal that comes while the page is written counts.
func TestASignalWhileAReportIsWritten(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	out := writerFunc(func(p []byte) (int, error) {
		cancel(cli.Stopped{Signal: syscall.SIGTERM})
		return len(p), nil
	})
	if code := cli.Run(ctx, []string{"report", "-"}, strings.NewReader(aRecord), out, io.Discard); code != 143 {
		t.Errorf("code %d", code)
	}
}

// What becomes of a page that cannot be written, or whose input breaks.
func TestAReportThatFails(t *testing.T) {
	full := writerFunc(func([]byte) (int, error) { return 0, errors.New("no space left") })
	gone := writerFunc(func([]byte) (int, error) { return 0, syscall.EPIPE })
	for name, c := range map[string]struct {
		in   io.Reader
		out  io.Writer
		code int
		says string
	}{
		"disk full":    {strings.NewReader(aRecord), full, 3, "crawl report: no space left\n"},
		"reader gone":  {strings.NewReader(aRecord), gone, 141, ""},
		"input breaks": {io.MultiReader(strings.NewReader(aRecord), broken{}), io.Discard, 3, "crawl report: standard input: disk on fire\n"},
		"a page":       {strings.NewReader("<html>\x1b[2J\n"), io.Discard, 3, "crawl report: standard input: it is HTML or XML; a report is made of JSON (-format jsonl or json), gzipped or not\n"},
		"another file": {strings.NewReader("x\x1b[2J\n"), io.Discard, 3, "crawl report: standard input holds no record of a run: line 1: invalid character 'x' looking for beginning of value\n"},
		"nothing":      {strings.NewReader(""), io.Discard, 0, "crawl report: standard input has no records\n"},
		"torn":         {strings.NewReader(aRecord + aRecord[:9]), io.Discard, 0, "crawl report: standard input is cut off at its end, as a killed run leaves it; what is torn is left out\n"},
		"all torn":     {strings.NewReader(aRecord[:9]), io.Discard, 0, "crawl report: standard input is cut off at its end, as a killed run leaves it; what is torn is left out\ncrawl report: standard input has no records\n"},
	} {
		var errs bytes.Buffer
		if code := cli.Run(t.Context(), []string{"report", "-"}, c.in, c.out, &errs); code != c.code || errs.String() != c.says {
			t.Errorf("%s: code %d, %q", name, code, errs.String())
		}
	}
}

// The file that is read is not written: by then the shell has emptied it, or it
// would grow by the page.
func TestAReportIsNotWrittenIntoItsInput(t *testing.T) {
	name := filepath.Join(t.TempDir(), "out.jsonl")
	for _, c := range []struct {
		args  []string
		stdin bool
		code  int
		says  string
	}{
		{[]string{name}, false, 2, "standard output would overwrite the file that is read"},
		{[]string{"-"}, true, 2, "standard output would overwrite the file of standard input"},
		{[]string{name, "-o", "-"}, false, 2, "standard output would overwrite the file that is read"},
		{[]string{name, "-o", name + ".html"}, false, 0, ""},
		{[]string{name, "-o", name}, false, 2, "-o " + name + " would overwrite the file that is read"},
	} {
		if err := os.WriteFile(name, []byte(aRecord), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(name, os.O_RDWR|os.O_APPEND, 0)
		if err != nil {
			t.Fatal(err)
		}
		var stdin io.Reader
		if c.stdin {
			stdin = f
		}
		var errs bytes.Buffer
		code := cli.Run(t.Context(), append([]string{"report"}, c.args...), stdin, f, &errs)
		f.Close()
		left, _ := os.ReadFile(name)
		if code != c.code || (c.says != "") != strings.HasPrefix(errs.String(), "crawl report: "+c.says) || string(left) != aRecord {
			t.Errorf("%v: code %d, %q, the file has %q", c.args, code, errs.String(), left)
		}
	}
}

// A name is shown, not obeyed, by a terminal.
func TestAReportShowsNamesAsTheyAre(t *testing.T) {
	var errs bytes.Buffer
	if code := cli.Run(t.Context(), []string{"report", "no\x1b[2Jfile"}, nil, io.Discard, &errs); code != 3 || strings.Contains(errs.String(), "\x1b") {
		t.Errorf("code %d, %q", code, errs.String())
	}
}
